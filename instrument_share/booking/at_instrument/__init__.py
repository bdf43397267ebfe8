"""What the QR label at an instrument opens: start, finish, report a fault; and the gate that asks whether to open."""
