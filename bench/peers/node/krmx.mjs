// The original Krmx server.
import { createServer } from '@krmx/server';

const server = createServer({ logger: false });
server.on('message', (_, message) => server.broadcast(message));
server.on('listen', () => console.log('listening'));
server.listen(Number(process.argv[2]));
