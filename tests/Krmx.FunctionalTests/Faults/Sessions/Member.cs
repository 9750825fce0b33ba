using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Faults.Sessions;

/// <summary>
/// A client, and what its room and it owe each other: what the room tells arrives once and in order, or a gap comes first; what the client says is handled
/// once and in order, or named as unknown at a gap.
/// </summary>
internal sealed class Member : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Uri _uri;
    private readonly List<string> _violations = [];

    // What it was told in each link that began anew, by the link's number, and has not heard.
    private readonly Dictionary<int, Queue<long>> _told = [];
    private readonly Queue<int> _unhandled = new();
    private readonly HashSet<int> _unknown = []; // whether these arrived, nobody knows
    private readonly List<int> _skipped = [];
    private int _lastLink; // the room's
    private int _link; // the client's
    private bool _hasGap;
    private int _lastSaid;
    private int _lastHandled;

    public Member(string username, Uri uri, KrmxClientOptions options)
    {
        Username = username;
        _uri = uri;
        Client = new KrmxClient(options);
        Client.OnMessage<int>("welcome", BeginHearing);
        Client.OnMessage<long>("told", Hear);
        Client.OnRecover(() => Recovered++);
        Client.OnGap(NoteGap);
    }

    public string Username { get; }

    public KrmxClient Client { get; }

    /// <summary>How often it went on where it had left off.</summary>
    public int Recovered { get; private set; }

    /// <summary>How often it could not.</summary>
    public int Gaps { get; private set; }

    /// <summary>How many messages it heard.</summary>
    public long Heard { get; private set; }

    /// <summary>How many of its own messages were handled.</summary>
    public long Handled { get; private set; }

    /// <summary>What was not as it is promised.</summary>
    public string[] Violations
    {
        get
        {
            lock (_gate)
                return [.. _violations];
        }
    }

    /// <summary>Whether it is linked, has heard all it was told, and all that it said was handled.</summary>
    public bool IsAtRest
    {
        get
        {
            lock (_gate)
            {
                return Client.Status == ClientStatus.Linked && _link == _lastLink && _told[_link].Count == 0 &&
                    _unhandled.Concat(_skipped).All(_unknown.Contains);
            }
        }
    }

    /// <summary>How it is, for a test that fails.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            return $"{Username} is {Client.Status}, in link {_link} of {_lastLink}, has {_told.GetValueOrDefault(_link)?.Count} messages to hear, " +
                $"{_unhandled.Count} of {_lastSaid} to be handled, {_skipped.Count} skipped, {_unknown.Count} unknown, {Gaps} gaps";
        }
    }

    public async Task LinkAsync()
    {
        await Client.ConnectAsync(_uri).Soon();
        await Client.LinkAsync(Username).Soon();
    }

    /// <summary>Says something; where it has no link, nothing is said.</summary>
    public async Task SayAsync()
    {
        int number;
        lock (_gate)
            _unhandled.Enqueue(number = ++_lastSaid);
        if (await Expect.EndsAsync(Client.SendAsync("say", number)))
            return;
        lock (_gate)
            _unknown.Add(number);
    }

    /// <summary>The room links it anew.</summary>
    /// <returns>The number of the link.</returns>
    public int BeginTelling()
    {
        lock (_gate)
        {
            _told.Add(++_lastLink, new Queue<long>());
            return _lastLink;
        }
    }

    /// <summary>The room tells it something.</summary>
    public void Tell(long number)
    {
        lock (_gate)
            _told[_lastLink].Enqueue(number);
    }

    /// <summary>The room handles what it said.</summary>
    public void Handle(int number)
    {
        lock (_gate)
        {
            if (number <= _lastHandled)
                _violations.Add($"{Username}: {number} was handled after {_lastHandled}");
            while (_unhandled.TryPeek(out int next) && next < number)
                _skipped.Add(_unhandled.Dequeue());
            if (!_unhandled.TryDequeue(out int due) || due != number)
                _violations.Add($"{Username}: {number} was handled where {due} was due");
            _lastHandled = number;
            Handled++;
        }
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private void BeginHearing(int link)
    {
        lock (_gate)
        {
            if (_link > 0 && !_hasGap)
                _violations.Add($"{Username}: link {link} follows link {_link} without a gap");
            _told.Remove(_link);
            _link = link;
            _hasGap = false;
        }
    }

    private void Hear(long number)
    {
        lock (_gate)
        {
            if (!_told[_link].TryDequeue(out long due) || due != number)
                _violations.Add($"{Username}: heard {number} where {due} was due, in link {_link} of {_lastLink}");
            Heard++;
        }
    }

    private void NoteGap(KrmxGap gap)
    {
        lock (_gate)
        {
            Gaps++;
            _hasGap = true;
            _unknown.UnionWith(gap.Unconfirmed.Select(message => message.Deserialize<int>()));
        }
    }
}
