// Socket.IO, by its documentation.
import { Server } from 'socket.io';

const io = new Server(Number(process.argv[2]));
io.on('connection', socket => socket.on('say', text => io.emit('said', text)));
console.log('listening');
