"""The shell: base templates, tokens, components, service worker, home, offline page, health. Nobody imports it."""
