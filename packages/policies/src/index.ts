// The policies, each a module of its own.
