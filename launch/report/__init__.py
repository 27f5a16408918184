"""What a person opens after a run or a bench: report.html, overview.mp4, junit.xml. Made from files alone."""
