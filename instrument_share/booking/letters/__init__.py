"""Letters of invitation: asked for by the applicant, issued by the host's international office, checked by anybody."""
