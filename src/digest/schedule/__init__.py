"""The schedule of an edition: cron lines, slots, and what to do with missed ones. Pure."""
