using System.Text.Json;

namespace Krmx.Simulation;

/// <summary>What was seen of sessions.</summary>
internal sealed class SeenSessions
{
    private readonly Dictionary<(string User, int Number), SeenSession> _sessions = [];
    private readonly Dictionary<string, int> _open = [];

    /// <summary>A link is made that may have a session.</summary>
    /// <param name="seen">Its connection.</param>
    /// <param name="granted">What it was granted.</param>
    public string? Accept(Seen seen, JsonElement granted)
    {
        if (!granted.TryGetProperty("session", out JsonElement number))
            return null;
        (string User, int Number) name = (seen.User!, number.GetInt32());
        bool isRecovered = granted.TryGetProperty("recovered", out JsonElement recovered) && recovered.GetBoolean();
        if (!isRecovered)
        {
            _sessions[name] = new SeenSession();
            _open[name.User] = _open.GetValueOrDefault(name.User) + 1;
        }
        else if (seen.Had is null || !_sessions.TryGetValue(name, out SeenSession? former) || former.IsAttached)
        {
            return "I19: a session goes on that cannot";
        }
        SeenSession session = _sessions[name];
        seen.Attach(session, isRecovered);
        return isRecovered ? session.TellReceived(granted.GetProperty("received").GetInt32()) : null;
    }

    /// <summary>A session of a user has ended.</summary>
    public void End(string user) => _open[user] = _open.GetValueOrDefault(user) - 1;

    /// <summary>Checks that nobody has two sessions, or has one that has ended.</summary>
    public string? Check(bool isClosed)
    {
        foreach ((string user, int count) in _open)
        {
            if (count < 0 || count > (isClosed ? 0 : 1))
                return $"I20: {user} has {count} sessions";
        }
        return null;
    }
}

/// <summary>What was seen of a session.</summary>
internal sealed class SeenSession
{
    // As it was when its client had been sent all that a newcomer is.
    private readonly Dictionary<string, bool> _view = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _meta = new(StringComparer.Ordinal);

    // What came behind that; null where that was never seen.
    private readonly List<string?> _messages = [];
    private int _received;

    public bool IsAttached { get; set; }

    /// <summary>Its client has been sent all that a newcomer is.</summary>
    public void Begin(Dictionary<string, bool> view, Dictionary<string, string> meta)
    {
        foreach ((string user, string value) in meta)
            _meta.Add(user, value);
        foreach ((string user, bool isLinked) in view)
            _view.Add(user, isLinked);
    }

    /// <summary>Whether a message is the one that it was before, if it was seen before.</summary>
    public bool IsSame(int number, string text)
    {
        while (_messages.Count < number)
            _messages.Add(null);
        return (_messages[number - 1] ??= text) == text;
    }

    /// <summary>What is told of how much was received never falls.</summary>
    public string? TellReceived(int received)
    {
        if (received < _received)
            return $"I18: {received} were received, and {_received} before";
        _received = received;
        return null;
    }

    /// <summary>Shows a connection what a client knows that has had so many messages.</summary>
    /// <returns>False where some of these were never seen.</returns>
    public bool TryShow(int count, Seen seen)
    {
        if (_messages.Count < count || _messages.Take(count).Contains(null))
            return false;
        foreach ((string user, bool isLinked) in _view)
            seen.View[user] = isLinked;
        foreach ((string user, string meta) in _meta)
            seen.Meta[user] = meta;
        foreach (string? message in _messages.Take(count).Where(static message => message!.StartsWith("""{"type":"krmx/changes""", StringComparison.Ordinal)))
        {
            using JsonDocument frame = JsonDocument.Parse(message!);
            seen.FoldAll(frame.RootElement.GetProperty("payload"));
        }
        return true;
    }
}
