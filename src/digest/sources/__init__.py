"""Sources: files, standard input, feeds, pages, sitemaps, mailboxes. Frozen data whose fields are their options."""
