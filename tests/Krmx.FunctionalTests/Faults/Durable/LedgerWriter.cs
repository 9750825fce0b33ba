using System.Diagnostics;
using Krmx.FaultPeer;
using Krmx.State;

namespace Krmx.FunctionalTests.Faults.Durable;

/// <summary>A .NET client that writes into the ledger of a durable room, and reads it along; tests/peers/ledger.mjs is the same in TypeScript.</summary>
internal sealed class LedgerWriter : IAsyncDisposable
{
    // Longer than any server is away: the answer comes when it is back.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Uri _uri;
    private readonly KrmxClient _client;
    private readonly ClientProjection<int> _marks;
    private readonly CancellationTokenSource _ending = new();
    private readonly List<string> _violations = [];
    private readonly List<(int Number, int Place)> _answers = [];
    private int _said, _marked, _first, _last, _recovered, _closes, _waiting, _refused;
    private uint _sum = LineSum.Empty;
    private long? _lostAt;
    private TimeSpan _slowestReturn;
    private Task _talking = Task.CompletedTask;

    public LedgerWriter(string username, Uri uri)
    {
        Username = username;
        _uri = uri;
        _client = new KrmxClient(new KrmxClientOptions
        {
            Reconnect = { MinDelay = TimeSpan.FromMilliseconds(50), MaxDelay = TimeSpan.FromMilliseconds(500) },
            Timeouts = { Answer = AnswerTimeout },
        });
        _marks = _client.AddProjection("marks", Ledger.Model, new LiveOptions { OptimisticLifetime = AnswerTimeout });
        _client.OnRecover(() => Note(() =>
        {
            _recovered++;
            if (_lostAt is long lost && Stopwatch.GetElapsedTime(lost) is TimeSpan time && time > _slowestReturn)
                _slowestReturn = time;
            _lostAt = null;
        }));
        _client.OnGap(_ => Note(() => _violations.Add("there was a gap")));
        _client.OnClose(() => Note(() =>
        {
            _closes++;
            _lostAt ??= Stopwatch.GetTimestamp();
        }));
        _client.OnMessage<int>("welcome", place => Note(() =>
        {
            if (_first > 0)
                _violations.Add("it was linked anew");
            _first = _last = place;
        }));
        _client.OnMessage<Noted>("noted", noted => Note(() =>
        {
            if (noted.Place != _last + 1)
                _violations.Add($"heard {noted.Place} after {_last}");
            _last = noted.Place;
            _sum = LineSum.Add(_sum, noted.Line);
        }));
    }

    public string Username { get; }

    /// <summary>What it has done and seen so far.</summary>
    public WriterState State
    {
        get
        {
            lock (_gate)
            {
                return new WriterState
                {
                    Username = Username,
                    IsLinked = _client.Status == ClientStatus.Linked,
                    Said = _said,
                    Marked = _marked,
                    View = _marks.View,
                    First = _first,
                    Last = _last,
                    Sum = _sum,
                    Recovered = _recovered,
                    Closes = _closes,
                    Waiting = _waiting,
                    Refused = _refused,
                    SlowestReturn = _slowestReturn.TotalMilliseconds,
                    Violations = [.. _violations],
                };
            }
        }
    }

    /// <summary>The requests that were answered, and the places they were answered with.</summary>
    public (int Number, int Place)[] Answers
    {
        get
        {
            lock (_gate)
                return [.. _answers];
        }
    }

    public async Task LinkAsync()
    {
        await _client.ConnectAsync(_uri).Soon();
        await _client.LinkAsync(Username).Soon();
    }

    /// <summary>Talks until it is told to end.</summary>
    /// <param name="pause">How long it waits between one message and the next, on average.</param>
    public void Talk(TimeSpan pause) => _talking = Task.Run(async () =>
    {
        try
        {
            while (!_ending.IsCancellationRequested)
            {
                await SayAsync(Random.Shared.Next(10));
                await Task.Delay(pause * 2 * Random.Shared.NextDouble());
            }
        }
        catch (KrmxException error)
        {
            Note(() => _violations.Add($"could not talk: {error.Message}"));
        }
    });

    public async Task EndAsync()
    {
        await _ending.CancelAsync();
        await _talking.Soon();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _client.DisposeAsync();
        _ending.Dispose();
    }

    private async Task SayAsync(int what)
    {
        switch (what)
        {
            case 0 or 1:
                _ = AskAsync(what == 0 ? "ask" : "ask-late", Next(ref _said));
                break;
            case 2:
                _ = MarkAsync(Next(ref _marked));
                break;
            default:
                await _client.SendAsync("say", Next(ref _said));
                break;
        }
    }

    private async Task AskAsync(string type, int number)
    {
        Note(() => _waiting++);
        try
        {
            int place = await _client.RequestAsync<int, int>(type, number);
            Note(() => _answers.Add((number, place)));
        }
        catch (KrmxRequestRefusedException error) when (error.Reason.Contains("restarted", StringComparison.Ordinal))
        {
            Note(() => _refused++);
        }
        catch (KrmxException error)
        {
            Note(() => _violations.Add($"request {number} failed: {error.Message}"));
        }
        Note(() => _waiting--);
    }

    private async Task MarkAsync(int number)
    {
        Note(() => _waiting++);
        try
        {
            DispatchResult result = await _marks.DispatchAsync(Ledger.Mark(number));
            if (!result.IsAccepted)
                Note(() => _violations.Add($"dispatch {number} was {result}"));
        }
        catch (KrmxException error)
        {
            Note(() => _violations.Add($"dispatch {number} failed: {error.Message}"));
        }
        Note(() => _waiting--);
    }

    private int Next(ref int count)
    {
        lock (_gate)
            return ++count;
    }

    private void Note(Action change)
    {
        lock (_gate)
            change();
    }
}
