import { webcrypto } from 'node:crypto';

// Node has it by itself from version 20 on; the tests run on 18 as well, which Debian has.
globalThis.crypto ??= webcrypto as Crypto;
