import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '@krmx-net/client';
import { useClient, useMessage, useProjection } from '@krmx-net/react';
import type { Contract } from './contract';

const client = createClient<Contract>();
const list = client.projection('list', { optimistic: { 'item/add': (view, text) => ({ items: [...view.items, text] }) } });

function App() {
  const { status, users } = useClient(client);
  const view = useProjection(list);
  const [text, setText] = useState('');
  const [said, setSaid] = useState<string[]>([]);
  useMessage(client, 'said', ({ username, text }) => setSaid(said => [...said, `${username}: ${text}`]));
  return (
    <main>
      <p id="status">{status}, {users.length} here</p>
      <input value={text} onChange={event => setText(event.target.value)} />
      <button id="add" onClick={() => void list.dispatch({ type: 'item/add', payload: text }).catch(error => setSaid(said => [...said, String(error)]))}>Add</button>
      <button id="say" onClick={() => client.send({ type: 'say', payload: { text } })}>Say</button>
      <ul id="items">{view?.items.map((item, i) => <li key={i}>{item}</li>)}</ul>
      <ul id="said">{said.map((line, i) => <li key={i}>{line}</li>)}</ul>
    </main>
  );
}

const query = new URLSearchParams(location.search);
void client.connect(query.get('server')!).then(() => client.link(query.get('name')!));
createRoot(document.getElementById('root')!).render(<App />);
