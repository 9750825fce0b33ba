// What a client of the TypeScript client says and hears over connections that are lost, in Node.js and in browsers alike; the test judges it.

/** Links; a link that is cut before it is made is none of a session's business, and begins again. */
const linked = async (client, { url, username }) => {
  for (let failures = 0; ; failures++) {
    try {
      await client.connect(url);
      await client.link(username);
      return failures;
    } catch {
      await client.disconnect(true);
    }
  }
};

/** Tells the room numbers and hears it tell them back. */
export const talk = async (client, command) => {
  const { messages } = command;
  const heard = [];
  let recovered = 0, gaps = 0, closes = 0, isWelcome = false;
  client.on('recover', () => recovered++);
  client.on('gap', () => gaps++);
  client.on('close', () => closes++);
  client.onMessage('welcome', () => (isWelcome = true));
  client.onMessage('down', number => heard.push(number));
  const until = async condition => {
    if (!condition()) await client.waitFor('message', condition);
  };

  closes += await linked(client, command);
  await until(() => isWelcome);
  for (let number = 1; number <= messages; number++) client.send({ type: 'up', payload: number });
  const doubled = await client.request('double', messages);
  await until(() => heard.length >= messages);
  const result = { heard, doubled, recovered, gaps, wasCut: closes > 0 };
  await client.disconnect(true);
  return result;
};

/** Says numbers, of which everybody hears everybody's, until the servers have died that are to die, and the last one has had some of them. */
export const persist = async (client, command, isOver) => {
  const { username } = command;
  const heard = [], unconfirmed = [], requests = [];
  let said = 0, closes = 0, enough = Infinity;
  client.onMessage('say', ([by, number]) => by === username && heard.push(number));
  const end = client.on('gap', gap => unconfirmed.push(...gap.unconfirmed.filter(({ type }) => type === 'say').map(({ payload }) => payload[1])));
  client.on('close', () => closes++);
  await linked(client, command);
  while (heard.length < enough) {
    if (enough === Infinity && isOver()) enough = heard.length + 20;
    try {
      client.send({ type: 'say', payload: [username, said + 1] });
      said++;
      // Nobody answers it: it ends by time, or with the link.
      if (said % 10 === 0) requests.push(client.request('nothing', undefined, 500).catch(error => error.code));
    } catch (error) {
      if (error.code !== 'not-linked') throw error;
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  end(); // what is on its way when the client goes is another matter
  await client.disconnect(true);
  return { said, heard, unconfirmed, closes, requests: await Promise.all(requests) };
};
