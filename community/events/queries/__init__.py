"""Every statement about events, RSVPs and scans."""
