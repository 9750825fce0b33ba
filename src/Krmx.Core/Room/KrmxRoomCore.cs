using Krmx.Contracts;
using Krmx.Rooms;

namespace Krmx;

/// <summary>A room by itself: users, the connections linked to them, and the events of their lives (protocol section 4).</summary>
/// <remarks>
/// <para>
/// A synchronous state machine without IO, clock or threads. What drives it feeds it through <see cref="IRoomInput"/> and takes what follows from
/// its <see cref="RoomEffects"/>; the application uses the members of this class. No member may be called while another thread is inside one.
/// </para>
/// <para>
/// State and effects change first; events follow in the order of the changes. A call made inside a listener takes effect at once, and its
/// events come after those already under way, so every listener sees the same history. A listener that throws is reported and changes
/// nothing for the others.
/// </para>
/// </remarks>
public partial class KrmxRoomCore
{
    private readonly KrmxRoomOptions _options;
    private readonly RoomEffects _effects;
    private readonly IRoomDiagnostics _diagnostics;
    private readonly Roster _roster = new();
    private readonly Dictionary<ConnectionId, RoomConnection> _connections = [];
    private readonly LinkAttempts _attempts = new();
    private readonly PresenceChanges _changes;
    private readonly KrmxContract _contract = new();
    private readonly PresenceCount? _count; // null where everyone is told of
    private CloseCode _closeCode = CloseCode.GoingAway;
    private TimeSpan _now;
    private bool _acceptsNewUsers;

    /// <summary>Makes a room.</summary>
    /// <param name="options">What it allows; not to be changed afterwards.</param>
    /// <param name="effects">Where it puts what its turns do to the world.</param>
    /// <param name="diagnostics">Where it reports what happens, for logs and metrics.</param>
    /// <param name="journals">What it shares with other rooms of what may be kept for sessions; null where it shares nothing.</param>
    /// <param name="memory">
    /// What it is made from where it is durable, and then its turns give what is to be written down (<see cref="IRoomInput.TakeRecord"/>); null where it is not.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="KrmxException">What was written down cannot be read.</exception>
    public KrmxRoomCore(
        KrmxRoomOptions options, RoomEffects effects, IRoomDiagnostics diagnostics, IJournalBudget? journals = null, RoomMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(diagnostics);
        if (options.Validate().FirstOrDefault() is string problem)
            throw new ArgumentException(problem, nameof(options));
        _options = options;
        _effects = effects;
        _diagnostics = diagnostics;
        _listenerFailed = diagnostics.ListenerFailed;
        _challenges = new Challenges(options.Links.ChallengeTimeout);
        _acceptsNewUsers = options.Links.AcceptsNewUsers;
        _recorder = memory is null ? null : new RoomRecorder(memory.ClockZero);
        _sessions = new SessionTable(options.Sessions.Grace);
        _journal = new Journal(options.Sessions.MaxJournalBytes, options.Sessions.MaxJournalEntries, journals);
        _changes = new PresenceChanges(options.Users.PresenceInterval);
        _count = options.Users.Presence == KrmxPresence.Count ? new PresenceCount(options.Users.PresenceInterval) : null;
        if (memory is not null)
            Restore(memory);
    }

    /// <summary>Where the room is in its life; may be read from anywhere.</summary>
    public RoomStatus Status { get; private set; }

    /// <summary>What the room listens to, sends and shares, as far as it is typed, and said before it opens.</summary>
    public KrmxContract Contract
    {
        get
        {
            VerifyUse();
            return _contract;
        }
    }

    /// <summary>The contract while it is made; null when the room is open, as what comes and goes then is nothing to rely on.</summary>
    internal KrmxContract? ContractInTheMaking => Status == RoomStatus.Initializing ? _contract : null;

    /// <summary>The users, in the order they joined; a snapshot, so users may come and go while it is walked.</summary>
    public IReadOnlyList<KrmxUser> Users
    {
        get
        {
            VerifyUse();
            return _roster.Users;
        }
    }

    /// <summary>Whether a link may create a user. Default: <see cref="KrmxLinkOptions.AcceptsNewUsers"/>.</summary>
    public bool AcceptsNewUsers
    {
        get => _acceptsNewUsers;
        set
        {
            VerifyUse();
            if (_acceptsNewUsers == value)
                return;
            _acceptsNewUsers = value;
            _recorder?.Accepts(value);
        }
    }

    /// <summary>How many connections there are, linked or not; may be read from anywhere.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>How many users are linked; may be read from anywhere.</summary>
    public int LinkedCount => _roster.LinkedCount;

    /// <summary>Whether there was ever a user who was linked; may be read from anywhere.</summary>
    public bool WasEverLinked { get; private set; }
}
