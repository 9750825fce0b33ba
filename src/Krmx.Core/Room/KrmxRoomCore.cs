using Krmx.Rooms;

namespace Krmx;

/// <summary>A Krmx server: users, the connections linked to them, and the events of their lives (protocol section 4).</summary>
/// <remarks>
/// <para>
/// A synchronous state machine without IO, clock or threads. Its host feeds it through <see cref="IRoomInput"/>, it acts through
/// <see cref="IRoomOutput"/>, and the application uses the members of this class. One turn follows another: no member may be called
/// while another thread is inside one.
/// </para>
/// <para>
/// State and frames change first; events follow in the order of the changes. A call made inside a listener takes effect at once, and its
/// events come after those already under way, so every listener sees the same history. A listener that throws is reported and changes
/// nothing for the others.
/// </para>
/// </remarks>
public partial class KrmxRoomCore
{
    private readonly KrmxRoomOptions _options;
    private readonly IRoomOutput _output;
    private readonly Roster _roster = new();
    private readonly Dictionary<ConnectionId, RoomConnection> _connections = [];
    private readonly Dictionary<AttemptId, LinkAttempt> _attempts = [];
    private CloseCode _closeCode = CloseCode.GoingAway;

    /// <summary>Makes a server.</summary>
    /// <param name="options">What it allows; not to be changed afterwards.</param>
    /// <param name="output">Where its effects go.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public KrmxRoomCore(KrmxRoomOptions options, IRoomOutput output)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        if (options.Validate().FirstOrDefault() is string problem)
            throw new ArgumentException(problem, nameof(options));
        _options = options;
        _output = output;
        _listenerFailed = output.ListenerFailed;
        AcceptsNewUsers = options.AcceptsNewUsers;
    }

    /// <summary>Where the server is in its life.</summary>
    public RoomStatus Status { get; private set; }

    /// <summary>The users, in the order they joined; a snapshot, so users may come and go while it is walked.</summary>
    public IReadOnlyList<KrmxUser> Users => _roster.Users;

    /// <summary>Whether a link may create a user. Default: <see cref="KrmxRoomOptions.AcceptsNewUsers"/>.</summary>
    public bool AcceptsNewUsers { get; set; }

    /// <summary>How many connections there are, linked or not.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>How many users are linked.</summary>
    public int LinkedCount => _roster.LinkedConnections.Length;
}
