"""The preview: issues in the browser, live, on this machine only."""
