"""An employee's records in a file: to another installation and back (R9.8), or to the employee (docs/record_file.md)."""
