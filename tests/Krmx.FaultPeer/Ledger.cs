using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Krmx;
using Krmx.State;

namespace Krmx.FaultPeer;

/// <summary>What a durable room has handled, in its order; it tells everybody of each line, with its place, so that whatever is lost or doubled shows.</summary>
internal sealed class Ledger
{
    private static readonly ConditionalWeakTable<KrmxRoom, Ledger> All = [];
    private static readonly TimeSpan RingInterval = TimeSpan.FromMilliseconds(500);
    internal static readonly ProjectionModel<Marks, int> Model = new(new Marks(ImmutableSortedDictionary<string, ImmutableList<int>>.Empty), static (marks, user) => marks.Of(user).Count);

    /// <summary>Marks the next number of whoever dispatches it.</summary>
    public static readonly Func<int, KrmxAction> Mark = Model.When<int>("mark", static (marks, user, number) => marks.Add(user, number));

    private readonly KrmxRoom _room;
    private readonly KrmxValue<Pages> _pages;
    private readonly KrmxValue<int> _rings;
    private readonly ServerProjection<Marks, int> _marks;

    private Ledger(KrmxRoom room)
    {
        _room = room;
        _pages = room.AddValue("pages", new Pages(0, []));
        _rings = room.AddValue("rings", 0);
        _marks = room.AddProjection("marks", Model);
        room.OnJoin(_ =>
        {
            if (room.Users.Count == 1)
                room.SetAlarm("ring", RingInterval);
        });
        room.OnLink((user, link) =>
        {
            if (!link.IsRecovered)
                room.Send(user.Name, "welcome", _pages.Value.Count);
        });
        room.OnAlarm("ring", () =>
        {
            Note($"ring {_rings.Update(static count => count + 1)}");
            room.SetAlarm("ring", RingInterval);
        });
        room.OnMessage<int>("say", (user, number) => Note($"{user.Name} {number}"));
        room.OnRequest<int, int>("ask", (user, number) => Note($"{user.Name} {number}"));
        room.OnRequest<int, int>("ask-late", async (user, number) =>
        {
            int place = Note($"{user.Name} {number}");
            await room.StoredAsync();
            return place;
        });
    }

    /// <summary>Sets up a room.</summary>
    public static void SetUp(KrmxRoom room) => All.Add(room, new Ledger(room));

    /// <summary>Reads the whole ledger of a room, as it is stored; nothing rings from then on.</summary>
    public static async Task<LedgerContent> CloseAsync(KrmxRoom room)
    {
        LedgerContent? content = null;
        await room.InvokeAsync(async () =>
        {
            room.CancelAlarm("ring");
            All.TryGetValue(room, out Ledger? ledger);
            content = ledger!.Content;
            await room.StoredAsync();
        });
        return content!;
    }

    private LedgerContent Content => new(
        [.. _pages.Value.Lines()], _rings.Value, _marks.State.ByUser.ToDictionary(static user => user.Key, static user => user.Value.ToArray()));

    private int Note(string line)
    {
        int place = _pages.Update(pages => pages.Add(line)).Count;
        _room.Broadcast("noted", new Noted(place, line));
        return place;
    }

    /// <summary>Lines, on pages: a turn costs what it changes, and that is a page at most.</summary>
    internal sealed record Pages(int Count, ImmutableList<ImmutableList<string>> All)
    {
        private const int LinesOnAPage = 256;

        public IEnumerable<string> Lines() => All.SelectMany(static page => page);

        public Pages Add(string line) => Count % LinesOnAPage == 0
            ? new Pages(Count + 1, All.Add([line]))
            : new Pages(Count + 1, All.SetItem(All.Count - 1, All[^1].Add(line)));
    }

    /// <summary>The numbers that each user has dispatched.</summary>
    internal sealed record Marks(ImmutableSortedDictionary<string, ImmutableList<int>> ByUser)
    {
        public ImmutableList<int> Of(string user) => ByUser.GetValueOrDefault(user, []);

        public Marks Add(string user, int number) => new(ByUser.SetItem(user, Of(user).Add(number)));
    }
}

/// <summary>A line of a ledger, and its place from 1.</summary>
internal sealed record Noted(int Place, string Line);

/// <summary>All of a ledger.</summary>
/// <param name="Lines">What was handled: the user and a number, each user's from 1; or an alarm's.</param>
/// <param name="Rings">How often the alarm rang.</param>
/// <param name="Marks">The numbers that each user has dispatched.</param>
internal sealed record LedgerContent(string[] Lines, int Rings, Dictionary<string, int[]> Marks);
