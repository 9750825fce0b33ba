using System.Collections.Concurrent;

namespace Krmx.FunctionalTests.Faults.Recording;

/// <summary>
/// An application that writes down what it sees and does. It numbers its links and tells each newcomer its link's number; what a user says
/// goes to everybody, every third time to all but the speaker.
/// </summary>
internal sealed class ServerRecorder(History history)
{
    public const string News = "news", Say = "say";

    /// <summary>In the place of a link's number: say one last thing and then be quiet.</summary>
    public const long Quiet = -1;

    /// <summary>In the place of a link's number: say something now, whoever likes.</summary>
    public const long Tick = -2;

    private readonly ConcurrentDictionary<long, long> _handled = [];
    private long _lastLink;
    private long _lastNumber;
    private long _lastAttempt;

    public History History => history;

    /// <summary>The room; set when it is made.</summary>
    public KrmxRoom Room { get; private set; } = null!;

    public long Links => Volatile.Read(ref _lastLink);

    /// <summary>The number of the last message handled in a link.</summary>
    public long HandledIn(long link) => _handled.GetValueOrDefault(link);

    public void Attach(KrmxRoom room)
    {
        Room = room;
        room.OnAuthenticate(AuthenticateAsync);
        room.OnJoin(user => history.Server.Add(new ServerEntry(Deed.Joined, user.Name)));
        room.OnLink(user =>
        {
            long link = ++_lastLink;
            history.Server.Add(new ServerEntry(Deed.Linked, user.Name, link));
            SendTo(user, link);
        });
        room.OnMessage<long[]>(Say, (user, said) =>
        {
            history.Server.Add(new ServerEntry(Deed.Handled, user.Name, said[1], said[0]));
            _handled[said[0]] = said[1];
            Broadcast(said[1] % 3 == 0 && user.IsLinked ? user.Name : null);
        });
        room.OnUnlink(user => history.Server.Add(new ServerEntry(Deed.Unlinked, user.Name)));
        room.OnLeave(user => history.Server.Add(new ServerEntry(Deed.Left, user.Name)));

        room.OnJoin(user => history.Lives.Add((Deed.Joined, user.Name)));
        room.OnLink(user => history.Lives.Add((Deed.Linked, user.Name)));
        room.OnUnlink(user => history.Lives.Add((Deed.Unlinked, user.Name)));
        room.OnLeave(user => history.Lives.Add((Deed.Left, user.Name)));
    }

    /// <summary>Sends a message to everybody who is linked; belongs to the room's turn.</summary>
    /// <returns>Its number.</returns>
    public long Broadcast(string? except = null, long link = 0)
    {
        history.Server.Add(new ServerEntry(Deed.Sent, except, ++_lastNumber, IsYes: true));
        long[] news = [_lastNumber, link];
        if (except is null)
            Room.Broadcast(News, news);
        else
            Room.BroadcastExcept(except, News, news);
        return _lastNumber;
    }

    private void SendTo(KrmxUser user, long link)
    {
        if (!user.IsLinked)
            return; // gone again before its event was delivered
        history.Server.Add(new ServerEntry(Deed.Sent, user.Name, ++_lastNumber));
        Room.Send(user.Name, News, new long[] { _lastNumber, link });
    }

    /// <summary>What the auth text says: nothing passes, "refuse" is refused, "slow" takes a moment, "hang" never ends.</summary>
    private async ValueTask<LinkResult> AuthenticateAsync(LinkRequest link, CancellationToken cancellation)
    {
        long attempt = ++_lastAttempt;
        history.Server.Add(new ServerEntry(
            Deed.Asked, link.Username, attempt, Client: link.Connection.Query.GetValueOrDefault("c"), IsYes: link.IsNewUser));
        if (link.Auth is "slow")
            await Task.Delay(Random.Shared.Next(30), cancellation);
        else if (link.Auth is "hang")
            await Task.Delay(Timeout.Infinite, cancellation);
        bool isAccepted = link.Auth is not "refuse";
        history.Server.Add(new ServerEntry(Deed.Decided, link.Username, attempt, IsYes: isAccepted));
        return isAccepted ? LinkResult.Accept : LinkResult.Reject("refused");
    }
}
