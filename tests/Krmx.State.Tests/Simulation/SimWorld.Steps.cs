namespace Krmx.State.Tests.Simulation;

// What the steps do: to the naive side first, so that listeners who react find both alike.
internal sealed partial class SimWorld
{
    private void Listen()
    {
        Room.Room.OnJoin(_ => React(Moment.ServerJoin));
        Room.Room.OnLink(_ => React(Moment.ServerLink));
        Room.Room.OnUnlink(_ => React(Moment.ServerUnlink));
        Room.Room.OnLeave(_ => React(Moment.ServerLeave));
        Room.Room.OnMessage((_, _) => React(Moment.ServerMessage));
        _game.OnChange(_ => React(Moment.ServerChange));
        _journal.OnChange(_ => React(Moment.ServerChange));
        _atoms.OnChange((_, _) => React(Moment.ServerChange));
    }

    private void Do(StepKind kind, SimClient client, int choice)
    {
        switch (kind)
        {
            case StepKind.ToServer:
                ToServer(client);
                break;
            case StepKind.ToClient:
                client.Client.DeliverToClient();
                break;
            case StepKind.DeliverAll:
                DeliverAll();
                break;
            case StepKind.Wait:
                Wait(TimeSpan.FromSeconds(1 + choice % 6));
                break;
            case StepKind.Drop or StepKind.DropForGood when !_canDrop:
                break;
            case <= StepKind.Leave:
                DoLink(kind, client, choice);
                break;
            case <= StepKind.Meaningless:
                DoDispatch(kind, client, choice);
                break;
            default:
                DoServer(kind, choice);
                break;
        }
    }

    private static void DoLink(StepKind kind, SimClient client, int choice)
    {
        switch (kind)
        {
            case StepKind.Connect when !client.Client.IsConnected:
                client.Client.Connect();
                break;
            case StepKind.Drop or StepKind.DropForGood when client.Client.IsConnected:
                client.Drop(reconnects: kind == StepKind.Drop);
                break;
            case StepKind.Link when client.IsAway:
                client.Return();
                break;
            case StepKind.Link when client.Client.Status == ClientStatus.Connected:
                client.Client.Link(NameOf(choice));
                break;
            case StepKind.Unlink when client.Client.Status == ClientStatus.Linked:
                client.Client.Unlink();
                break;
            case StepKind.Leave when client.Client.Status == ClientStatus.Linked:
                client.Client.Leave();
                break;
        }
    }

    private static void DoDispatch(StepKind kind, SimClient client, int choice)
    {
        switch (kind)
        {
            case StepKind.Act:
                client.Act(ActionOf(choice));
                break;
            case StepKind.Write:
                client.Write(EventOf(choice));
                break;
            case StepKind.Set:
                client.Set(KeyOf(choice), AtomOf(choice / 16));
                break;
            case StepKind.Raw when client.Client.Status == ClientStatus.Linked:
                client.Client.Send(Catalogue.Messages[choice % Catalogue.Messages.Length]);
                break;
            case StepKind.Meaningless when client.Client.Status == ClientStatus.Linked:
                client.Client.Send(Catalogue.Meaningless[choice % Catalogue.Meaningless.Length]);
                break;
        }
    }

    private void DoServer(StepKind kind, int choice)
    {
        string name = NameOf(choice);
        switch (kind)
        {
            case StepKind.ServerAct:
                KrmxAction action = ActionOf(choice / 8);
                Answered($"{action} by {name}", _naiveGame.Dispatch(name, action), () => _game.Dispatch(name, action));
                break;
            case StepKind.ServerUpdate:
                Update(static game => game with { Round = game.Round + 10 }, static game => game.Round += 10);
                break;
            case StepKind.ServerWrite:
                KrmxAction appended = EventOf(choice / 8);
                Answered($"{appended} by {name}", _naiveJournal.Dispatch(name, appended), () => _journal.Dispatch(name, appended));
                break;
            case StepKind.ServerSet:
                Set(KeyOf(choice), AtomOf(choice / 16));
                break;
            case StepKind.ServerUnlink when Room.Room.FindUser(name) is { IsLinked: true }:
                Room.Room.Unlink(name);
                break;
            case StepKind.ServerKick when Room.Room.FindUser(name) is not null:
                Room.Room.Kick(name);
                break;
            case StepKind.ServerJoin when Room.Room.FindUser(name) is null:
                Room.Room.Join(name);
                break;
        }
    }

    private void ToServer(SimClient client)
    {
        Speaking = client;
        client.Client.DeliverToServer();
        Speaking = null;
    }

    private void DeliverAll()
    {
        for (int idle = 0; idle < _clients.Length;)
        {
            foreach (SimClient client in _clients)
            {
                Speaking = client;
                bool isBusy = client.Client.DeliverToServer();
                Speaking = null;
                isBusy |= client.Client.DeliverToClient();
                idle = isBusy ? 0 : idle + 1;
            }
        }
    }

    private void Wait(TimeSpan time)
    {
        TimeSpan end = Room.Now + time;
        while (_clients.Min(static client => client.NextExpiry) is TimeSpan next && next <= end)
        {
            // Of several that expire at the same time a drop would overtake some: the naive ones have let go of all of them.
            _canDrop = _clients.Sum(client => client.Expire(next)) == 1;
            Room.Advance(next - Room.Now);
            _canDrop = true;
        }
        Room.Advance(end - Room.Now);
    }

    private void Update(Func<Game, Game> change, Action<NaiveGame> naiveChange)
    {
        _naiveGame.Update(naiveChange);
        _game.Update(change);
    }

    private void Set(string key, Atom atom)
    {
        bool fits = _naiveAtoms.Set(key, atom.ToString());
        try
        {
            _atoms.Set(key, atom);
            if (!fits)
                Fail($"there was no room for {key} = {atom}");
        }
        catch (KrmxException error) when (!fits)
        {
            _ = error; // as it should be
        }
    }

    private void Answered(string what, DispatchResult expected, Func<DispatchResult> dispatch)
    {
        DispatchResult answer = dispatch();
        if (answer != expected)
            Fail($"the server answered {what} with {answer}, not {expected}");
    }

    private static string NameOf(int choice) => Catalogue.Names[choice % 4 == 3 ? choice / 4 % 8 : choice % 4];

    private static string KeyOf(int choice) => choice % 4 == 0 ? $"{NameOf(choice / 4)}/k" : $"k{choice % 4}";

    private static Atom AtomOf(int choice) => (choice % 4) switch
    {
        0 => choice / 4 % 2,
        1 => 0.5,
        2 => true,
        _ => "text",
    };

    private static KrmxAction EventOf(int choice) => (choice % 8) switch
    {
        0 => JournalModel.Break(),
        1 => JournalModel.Write(new Entry("much too long a text")),
        2 or 3 => JournalModel.Remove(new Place(choice / 8 % 4)),
        _ => JournalModel.Write(new Entry($"{(char)('a' + choice / 8 % 3)}")),
    };

    private static KrmxAction ActionOf(int choice)
    {
        string card = GameModel.CardId(1 + choice / 32 % GameModel.Cards);
        return (choice % 32) switch
        {
            < 8 => GameModel.Draw(),
            < 14 => GameModel.Play(new Choice(card)),
            < 18 => GameModel.Give(new Gift(card, NameOf(choice / 512))),
            < 21 => GameModel.Paint(new Choice(card)),
            21 => GameModel.Collect(),
            22 => GameModel.Cut(),
            23 or 24 => GameModel.Raise(),
            25 => GameModel.Trip(),
            26 => GameModel.Nothing(),
            27 => GameModel.Break(),
            28 => GameModel.Play(new Choice("by no means a card of this game")),
            _ => GameModel.Poison(new Victim(choice % 32 == 29 ? NameOf(choice / 512) : "nobody")),
        };
    }
}
