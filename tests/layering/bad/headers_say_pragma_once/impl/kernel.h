/* Bad: may be read twice. */
