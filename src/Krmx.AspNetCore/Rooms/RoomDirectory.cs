using Krmx.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.Rooms;

/// <summary>The rooms of one endpoint, by name: made when somebody comes, closed when nobody has been there for a time.</summary>
internal sealed class RoomDirectory(
    string pattern, KrmxOptions options, Action<KrmxRoom> configure, IServiceScopeFactory scopes, RoomEnvironment environment)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    // Those that nobody was in at the time given, so that the watch need not walk the others. Each is here once at most, and may have had visitors since.
    private readonly PriorityQueue<Entry, long> _empty = new();
    private Task? _closed;

    /// <summary>The port the rooms are told they listen on; 0 while it is not known.</summary>
    public int Port { get; set; }

    /// <summary>The rooms now.</summary>
    public KrmxRoom[] Rooms
    {
        get
        {
            lock (_gate)
                return [.. _entries.Values.Select(entry => entry.Room)];
        }
    }

    /// <summary>Enters a room, made if need be; it stays at least until <see cref="Leave"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isFull">Whether it would be one room too many.</param>
    /// <returns>The room; null when the endpoint is full or closing.</returns>
    public KrmxRoom? Enter(string name, out bool isFull)
    {
        lock (_gate)
        {
            isFull = _entries.Count >= options.MaxRooms && !_entries.ContainsKey(name);
            if (_closed is not null || isFull)
                return null;
            if (!_entries.TryGetValue(name, out Entry? entry))
                _entries.Add(name, entry = Make(name));
            entry.Visitors++;
            return entry.Room;
        }
    }

    /// <summary>Leaves a room that was entered.</summary>
    public void Leave(KrmxRoom room)
    {
        lock (_gate)
        {
            Entry entry = _entries[room.Name];
            if (--entry.Visitors > 0)
                return;
            entry.EmptySince = environment.Time.GetTimestamp();
            if (!entry.IsWatched)
                Watch(entry);
        }
    }

    /// <summary>Closes the rooms that have been empty for too long.</summary>
    public void CloseIdle()
    {
        List<Entry> idle = [];
        lock (_gate)
        {
            while (_empty.TryPeek(out Entry? entry, out long since) && environment.Time.GetElapsedTime(since) >= options.RoomIdleTimeout)
            {
                _empty.Dequeue();
                entry.IsWatched = false;
                if (entry.Visitors > 0)
                    continue;
                if (entry.EmptySince > since)
                {
                    Watch(entry);
                    continue;
                }
                _entries.Remove(entry.Room.Name);
                idle.Add(entry);
            }
        }
        foreach (Entry entry in idle)
            _ = CloseAsync(entry, CloseCode.GoingAway);
    }

    /// <summary>Closes every room, and lets no more be made.</summary>
    /// <param name="code">What their connections are told.</param>
    public Task CloseAsync(CloseCode code)
    {
        lock (_gate)
            return _closed ??= Task.WhenAll(_entries.Values.Select(entry => CloseAsync(entry, code)).ToArray());
    }

    /// <summary>How logs name a room.</summary>
    public string Label(string name) => name.Length == 0 ? pattern : $"{pattern} {name}";

    private void Watch(Entry entry)
    {
        _empty.Enqueue(entry, entry.EmptySince);
        entry.IsWatched = true;
    }

    private Entry Make(string name)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        try
        {
            var room = new KrmxRoom(name, Label(name), options, scope.ServiceProvider, environment);
            configure(room);
            room.Open(Port);
            environment.Metrics.RoomOpened();
            KrmxLog.RoomOpened(environment.Logger, room.Label);
            return new Entry(room, scope);
        }
        catch
        {
            _ = DisposeAsync(scope, Label(name));
            throw;
        }
    }

    private async Task CloseAsync(Entry entry, CloseCode code)
    {
        await entry.Room.CloseAsync(code).ConfigureAwait(false);
        await DisposeAsync(entry.Scope, entry.Room.Label).ConfigureAwait(false);
        environment.Metrics.RoomClosed();
        KrmxLog.RoomClosed(environment.Logger, entry.Room.Label);
    }

    private async Task DisposeAsync(AsyncServiceScope scope, string label)
    {
        try
        {
            await scope.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            KrmxLog.HandlerFailed(environment.Logger, label, error);
        }
    }

    private sealed class Entry(KrmxRoom room, AsyncServiceScope scope)
    {
        public KrmxRoom Room => room;

        public AsyncServiceScope Scope => scope;

        public int Visitors { get; set; }

        /// <summary>Whether it is among the empty ones.</summary>
        public bool IsWatched { get; set; }

        public long EmptySince { get; set; }
    }
}
