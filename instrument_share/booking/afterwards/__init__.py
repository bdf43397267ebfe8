"""After a use: feedback, thanks in the paper, results and publications, and the record of how bookings were kept."""
