using System.Text;
using Krmx.Rooms;

namespace Krmx.Simulation;

/// <summary>Records what the room does, in order with what its listeners hear, and authenticates as the link's auth text says.</summary>
public sealed class RecordingOutput : IRoomDiagnostics
{
    private readonly SeatTable _seats = new();
    private readonly Queue<(AttemptId Attempt, LinkRequest Request)> _asked = new();

    /// <summary>What happened since this was last cleared.</summary>
    public List<Effect> Effects { get; } = [];

    /// <summary>How many connections are seated.</summary>
    public int SeatedCount { get; private set; }

    /// <summary>Where the room puts its effects.</summary>
    public RoomEffects Room { get; } = new();

    /// <summary>The room, for an authenticator that calls back in.</summary>
    public KrmxRoomCore? Server { get; set; }

    /// <summary>Ends an input: its effects are taken, and who was asked about a link answers, each with an input of its own.</summary>
    public void EndInput()
    {
        Take();
        while (_asked.TryDequeue(out (AttemptId Attempt, LinkRequest Request) asked))
        {
            Answer(asked.Attempt, asked.Request);
            Take();
        }
    }

    /// <summary>Takes the effects so far, so that they stand before what happens next.</summary>
    public void Take()
    {
        foreach (ref readonly RoomEffect effect in Room.InOrder)
            Take(effect);
        Room.Clear();
    }

    public void Rejected(ConnectionId connection, RejectionKind kind, string reason)
    {
    }

    public void ProtocolViolated(ConnectionId connection, string username, string? messageType) =>
        Add(new Effect(EffectKind.Violation, connection.Number, username));

    public void PayloadRefused(string username, string messageType, Exception error) =>
        Add(new Effect(EffectKind.ListenerFailed, 0, error.Message));

    public void ListenerFailed(string eventName, Exception error) =>
        Add(new Effect(EffectKind.ListenerFailed, 0, error.Message));

    /// <summary>Makes a call of the application; a refusal is an effect.</summary>
    public void Try(Action call)
    {
        try
        {
            call();
        }
        catch (KrmxException refusal)
        {
            Add(new Effect(EffectKind.Refused, 0, refusal.Message));
        }
    }

    /// <summary>Adds something to be seen, behind the effects so far.</summary>
    public void Add(Effect effect)
    {
        Take();
        Effects.Add(effect);
    }

    private void Take(in RoomEffect effect)
    {
        _seats.Follow(effect);
        foreach (ConnectionId receiver in _seats.Receivers(effect))
        {
            foreach (ReadOnlyMemory<byte> frame in SeatTable.Frames(effect))
                AddFrame(receiver.Number, Encoding.UTF8.GetString(frame.Span));
        }
        long connection = effect.Connection.Number;
        switch (effect.Kind)
        {
            case RoomEffectKind.Seat:
                SeatedCount++;
                break;
            case RoomEffectKind.Unseat:
                SeatedCount--;
                break;
            case RoomEffectKind.Close:
                Effects.Add(new Effect(EffectKind.Close, connection, $"{(int)effect.CloseCode}"));
                break;
            case RoomEffectKind.Challenge:
                Effects.Add(new Effect(EffectKind.Challenge, connection, ""));
                break;
            case RoomEffectKind.CancelAuthentication:
                Effects.Add(new Effect(EffectKind.AuthCancel, 0, $"{effect.Attempt}"));
                break;
            case RoomEffectKind.Authenticate:
                LinkRequest request = effect.Request;
                Effects.Add(new Effect(EffectKind.AuthStart, connection, $"{effect.Attempt} {request.Username} {request.Auth} {request.IsNewUser}"));
                _asked.Enqueue((effect.Attempt, request));
                break;
        }
    }

    /// <summary>Adds a frame; into how many messages users are split is nobody's business.</summary>
    private void AddFrame(long receiver, string text)
    {
        const string Beginning = """{"type":"krmx/users","payload":{"users":[""", End = "]}}";
        if (Effects is [.., { Kind: EffectKind.Frame } last] && last.Connection == receiver &&
            text.StartsWith(Beginning, StringComparison.Ordinal) && last.Text.StartsWith(Beginning, StringComparison.Ordinal))
        {
            Effects.RemoveAt(Effects.Count - 1);
            text = $"{last.Text[..^End.Length]},{text[Beginning.Length..]}";
        }
        Effects.Add(new Effect(EffectKind.Frame, receiver, text));
    }

    private void Answer(AttemptId attempt, LinkRequest request)
    {
        string? how = SimFrame.HowOf(request.Auth);
        if (how == "later")
            return;
        if (how == "kick")
            Try(() => Server!.Kick(request.Username));
        ((IRoomInput)Server!).AuthenticationCompleted(attempt, how == "no" ? LinkResult.Reject("no entry") : LinkResult.Accept);
    }
}
