// The ws package alone: everything that comes goes to everybody.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: Number(process.argv[2]), path: '/ws' }, () => console.log('listening'));
server.on('connection', socket => {
  socket.send('ready');
  socket.on('message', data => {
    for (const client of server.clients) {
      client.send(data, { binary: false });
    }
  });
});
