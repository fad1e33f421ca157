"""What crosses the door of this room: frozen records, never rows."""
