using Krmx.Client;
using Krmx.Protocol;

namespace Krmx.Simulation.EndToEnd;

/// <summary>A client as the library has it, and what its application has sent and heard.</summary>
internal sealed class SessionClient : IClientOutput
{
    private readonly SessionWorld _world;
    private readonly List<(TimeSpan Due, Action Elapsed)> _timers = [];
    private bool _mayBeginAnew = true;
    private bool _isAway; // whether its link is to go on with another connection
    private int _sent;

    public SessionClient(SessionWorld world, int number, string username, bool hasSessions)
    {
        _world = world;
        Number = number;
        Username = username;
        SessionKey = hasSessions ? $"the key of client {number}" : null;
        Core = new KrmxClientCore(this);
        Core.OnMessage("said", message => Hear(Text(message)));
        Core.OnGap(Miss);
        Core.OnRecover(() => _isAway = false);
        Core.OnUnlink(name =>
        {
            if (name == Username)
                Unlinked();
        });
    }

    public int Number { get; }

    /// <summary>Who it wants to be.</summary>
    public string Username { get; }

    public string? SessionKey { get; }

    public bool HasSessions => SessionKey is not null;

    public bool IsCongested => false;

    public bool IsBehind => false;

    public KrmxClientCore Core { get; }

    public IClientInput Input => Core;

    public Wire? Wire { get; set; }

    /// <summary>Whether it has asked for its link on the connection that it has.</summary>
    public bool IsAsking { get; set; }

    /// <summary>The messages that the client gave away and that were not handled, in order, as far as nobody has said that they are lost.</summary>
    public List<string> Unhandled { get; } = [];

    /// <summary>Those of them that the client was told it would not know about.</summary>
    public HashSet<string> Unconfirmed { get; } = [];

    /// <summary>What it has heard since its link began anew.</summary>
    public List<string> Heard { get; } = [];

    /// <summary>The number of the link that began anew last, as the room's application told it; 0 before any.</summary>
    public int Epoch { get; private set; }

    public bool CanSend => Core.Status is ClientStatus.Linked || (Core.Status == ClientStatus.Reconnecting && Core.Username is not null);

    public void Say()
    {
        string text = $"{Number}.{++_sent}";
        Unhandled.Add(text);
        Input.Send(KrmxMessage.Create("say", text));
    }

    /// <summary>Sends something that may be lost, and must not be taken for what counts.</summary>
    public void Hint() => Input.SendVolatile(new KrmxMessage("hint"));

    public void Lose()
    {
        Wire = null;
        IsAsking = false;
        Input.Lost();
        _isAway = Core.Username is not null;
    }

    public void Abandon()
    {
        _isAway = false;
        Input.Abandon();
    }

    public void Receive(InboundFrame frame)
    {
        Input.FrameReceived(frame);
        IsAsking &= Core.Status is ClientStatus.Reconnecting or ClientStatus.Linking;
    }

    /// <summary>The room has handled a message of this client.</summary>
    public void Handled(string text)
    {
        int index = Unhandled.IndexOf(text);
        if (index < 0)
            _world.Fail($"{text} was handled twice, or after the client was told that it is not sent again");

        // What comes before it was to be handled before, or not at all.
        foreach (string passed in Unhandled.Take(Math.Max(0, index)))
        {
            if (SessionKey is not null && !Unconfirmed.Contains(passed))
                _world.Fail($"{text} was handled before {passed}");
        }
        Unhandled.RemoveRange(0, index + 1);
    }

    /// <summary>What the room's application knows of its messages.</summary>
    public (int Sent, string[] Unhandled) Remember() => (_sent, [.. Unhandled]);

    /// <summary>What the room has handled since is not handled.</summary>
    public void Recall((int Sent, string[]? Unhandled) written)
    {
        Unhandled.Clear();
        Unhandled.AddRange(written.Unhandled ?? []);
        for (int i = written.Sent + 1; i <= _sent; i++)
            Unhandled.Add($"{Number}.{i}");
    }

    public void Elapse(TimeSpan now)
    {
        while (_timers.Count > 0 && _timers.Min(timer => timer.Due) is TimeSpan due && due <= now)
        {
            var timer = _timers.Find(timer => timer.Due == due);
            _timers.Remove(timer);
            timer.Elapsed();
        }
    }

    void IClientOutput.Confirmed()
    {
    }

    void IClientOutput.Send(ReadOnlyMemory<byte> frame)
    {
        if (!Wire!.IsLostToRoom)
            Wire.ToRoom.Enqueue(frame.ToArray());
    }

    void IClientOutput.LinkChanged(LinkChange change)
    {
    }

    void IClientOutput.RequestEnded(ClientRequest request, RequestOutcome outcome)
    {
    }

    IDisposable IClientOutput.StartTimer(TimeSpan due, Action elapsed)
    {
        (TimeSpan, Action) timer = (_world.Now + due, elapsed);
        _timers.Add(timer);
        return new Timer(() => _timers.Remove(timer));
    }

    void IClientOutput.ProtocolViolated(string what) => _world.Fail($"client {Number} found that the room broke the protocol: {what}");

    void IClientOutput.PayloadRefused(string messageType, Exception error) => _world.Fail(error.ToString());

    void IClientOutput.ListenerFailed(string eventName, Exception error) => _world.Fail(error.ToString());

    internal static string Text(in KrmxMessage message) => message.Deserialize<string>()!;

    private void Hear(string text)
    {
        if (text.StartsWith("epoch ", StringComparison.Ordinal))
        {
            if (!_mayBeginAnew)
                _world.Fail($"client {Number} was told how things are, and not that it had missed something");
            Epoch = int.Parse(text[6..], null);
            Heard.Clear();
        }
        _mayBeginAnew = false;
        Heard.Add(text);
        _world.CheckHeard(this);
    }

    private void Unlinked()
    {
        _mayBeginAnew = true;
        if (Core.Username is not null)
            _world.Fail($"client {Number} heard that it is unlinked, and is linked");
        if (_isAway)
            _world.Fail($"client {Number} heard of the end of its link before it heard that it has missed something");
    }

    private void Miss(KrmxGap gap)
    {
        _mayBeginAnew = true;
        _isAway = false;
        foreach (KrmxMessage message in gap.Unconfirmed)
            Unconfirmed.Add(Text(message));
    }

    private sealed class Timer(Action stop) : IDisposable
    {
        public void Dispose() => stop();
    }
}
