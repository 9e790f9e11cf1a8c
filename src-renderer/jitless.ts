import { z } from 'zod';

// zod asks whether it may compile code as soon as a schema is made, which the content security policy forbids and the console reports.
// Imported before anything that makes one.
z.config({ jitless: true });
