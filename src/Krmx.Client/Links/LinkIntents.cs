using Intent = Krmx.Links.LinkIntent;
using Signal = Krmx.Links.LinkSignal;

namespace Krmx.Links;

/// <summary>What a client wants of its link, as a table: it outlives connections, which the core's phases do not.</summary>
/// <remarks>
/// <para>
/// The core knows what was said on this connection; this is what is wanted whatever connection there is. A link that was made is held: when
/// its connection drops the client is away, and links again once there is another one. A link that was under way for the application is
/// not: its call fails, and the application may ask again. A link that was under way for the client itself goes on with the next connection.
/// </para>
/// <para>
/// Where the server ends a link it meant this user, by kicking or unlinking, so nothing is held. But a server that closes unlinks everybody
/// before it says goodbye, and that was not about this user. So an ended link is remembered for a moment, and the goodbye brings it back.
/// </para>
/// <para>
/// A request cannot be taken back. A caller who gives up while the server is being asked leaves a withdrawn link behind. It blocks the next
/// one until the server has answered, and is ended should it be made.
/// </para>
/// <para>
/// What is not in the table is not allowed, and changes nothing; but a connection that ends does so anywhere, and where no row says
/// otherwise nothing is wanted after it. While a client is away, returning and relinking, the core keeps what it is given to send, if the link
/// has a session.
/// </para>
/// </remarks>
internal static class LinkIntents
{
    private static readonly Dictionary<Intent, Dictionary<Signal, Intent>> Table = new()
    {
        [Intent.None] = new() { [Signal.Call] = Intent.Proving },
        [Intent.Proving] = new()
        {
            [Signal.Request] = Intent.Asked,
            [Signal.Fail] = Intent.None,
            [Signal.Cancel] = Intent.None,
        },
        [Intent.Asked] = new()
        {
            [Signal.Made] = Intent.Held,
            [Signal.Rejected] = Intent.None,
            [Signal.Fail] = Intent.None,
            [Signal.Cancel] = Intent.Withdrawn,
        },
        [Intent.Withdrawn] = new()
        {
            [Signal.Made] = Intent.Withdrawn,
            [Signal.Rejected] = Intent.None,
            [Signal.Conflicted] = Intent.None,
            [Signal.Release] = Intent.None,
            [Signal.EndedByServer] = Intent.None,
        },
        [Intent.Held] = new()
        {
            [Signal.Release] = Intent.None,
            [Signal.Cancel] = Intent.Withdrawn,
            [Signal.EndedByServer] = Intent.Ended,
            [Signal.Dropped] = Intent.Away,
            [Signal.Farewell] = Intent.Away,
        },
        [Intent.Ended] = new() { [Signal.Call] = Intent.Proving, [Signal.Farewell] = Intent.Away },
        [Intent.Away] = new()
        {
            [Signal.Reconnected] = Intent.Returning,
            [Signal.Call] = Intent.Proving,
            [Signal.Release] = Intent.None,
        },
        [Intent.Returning] = new()
        {
            [Signal.Request] = Intent.Relinking,
            [Signal.Fail] = Intent.Returning,
            [Signal.GiveUp] = Intent.None,
            [Signal.Call] = Intent.Proving,
            [Signal.Release] = Intent.None,
            [Signal.Dropped] = Intent.Away,
            [Signal.Farewell] = Intent.Away,
        },
        [Intent.Relinking] = new()
        {
            [Signal.Made] = Intent.Held,
            [Signal.Rejected] = Intent.None,
            [Signal.Conflicted] = Intent.Returning,
            [Signal.Fail] = Intent.Returning,
            [Signal.Release] = Intent.Withdrawn,
            [Signal.Dropped] = Intent.Away,
            [Signal.Farewell] = Intent.Away,
        },
    };

    /// <summary>Whether something may happen to an intent, and what it becomes.</summary>
    public static bool TryGetNext(Intent from, Signal signal, out Intent next) =>
        Table[from].TryGetValue(signal, out next) || EndsAnything(signal); // next is none where there is no row

    /// <summary>Whether the client links again by itself.</summary>
    public static bool IsComingBack(Intent intent) => intent is Intent.Away or Intent.Returning or Intent.Relinking;

    private static bool EndsAnything(Signal signal) => signal is Signal.Dropped or Signal.Farewell or Signal.Gone;
}
