/** The outbox of this page: one for all modules. */
import { Outbox } from "./outbox.js";

export const outbox = new Outbox();
