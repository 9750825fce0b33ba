using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>How many users there may be, and for how long those stay who are away (protocol section 4).</summary>
public sealed class UserLimitTests
{
    private TimeSpan _now;

    [Fact]
    public void FullRoom_LinkOfANewUser_IsRejectedAndChangesNothing()
    {
        RecordedServer server = Open(new() { Users = { Max = 2 } });
        Link(server, 1, "alice");
        Link(server, 2, "bob");
        server.Take();
        Link(server, 3, "carol");
        Assert.Equal(["3: rejected the room is full", "rejected 3 TooManyUsers"], server.Take());
        Assert.Equal("alice* bob*", server.Users);
    }

    [Fact]
    public void FullRoom_SomebodyLeavesBeforeTheNewcomerJoins()
    {
        RecordedServer server = Open(new() { Users = { Max = 2 } });
        Link(server, 1, "alice");
        Link(server, 2, "bob");
        server.Type(2, "krmx/unlink");
        server.Take();
        server.Link(2, "carol");
        Assert.Equal(
            [
                "1: left bob", "1: joined carol", "leave bob", "join carol",
                "2: accepted", "2: joined alice", "2: linked alice", "2: joined carol", "2: linked carol", "1: linked carol", "link carol",
            ],
            server.Take());
    }

    [Fact]
    public void ThousandNames_PushOutEachOtherAndNobodyWhoWasHereForLong()
    {
        RecordedServer server = Open(new() { Users = { Max = 100 } });
        server.Server.Join("seat");
        Link(server, 1, "here");
        Link(server, 2, "away");
        Pass(server, seconds: 60);
        server.Close(2);
        server.Open(3);
        for (int i = 0; i < 1000; i++)
        {
            server.Link(3, $"name{i}");
            server.Type(3, "krmx/unlink");
            Assert.InRange(server.Server.Users.Count, 4, 100);
        }
        string[] names = [.. server.Server.Users.Select(static user => user.Name)];
        Assert.Equal(["seat", "here", "away", .. Enumerable.Range(903, 97).Select(static i => $"name{i}")], names);

        Link(server, 4, "newcomer");
        Assert.True(server.Server.FindUser("newcomer")!.IsLinked);
    }

    [Fact]
    public void FullRoom_AListenerThatJoinsWhoHasToLeave_IsRefused()
    {
        RecordedServer server = Open(new() { Users = { Max = 1 } });
        Link(server, 1, "alice");
        server.Type(1, "krmx/unlink");
        KrmxException? refusal = null;
        server.Server.OnLeave(user => refusal = Assert.Throws<KrmxException>(() => server.Server.Join(user.Name)));
        server.Link(1, "bob");
        Assert.Equal("cannot join a user: the room is full", refusal?.Message);
        Assert.Equal("bob*", server.Users);
    }

    [Fact]
    public void Join_WhileTheRoomOpens_IsWithinTheCap()
    {
        var server = new RecordedServer(new KrmxRoomOptions { Users = { Max = 1 } }, isOpen: false);
        server.Input.Open();
        server.Server.Join("alice");
        Assert.Throws<KrmxException>(() => server.Server.Join("bob"));
        Assert.Equal("alice", server.Users);
    }

    [Fact]
    public void NextDue_IsTheEarlierOfAnAbsenceAndAnAuthentication()
    {
        RecordedServer server = Open(new() { Users = { Timeout = TimeSpan.FromSeconds(12) } });
        Assert.Null(server.Input.NextDue);
        Link(server, 1, "alice");
        Assert.Null(server.Input.NextDue);
        Pass(server, seconds: 1);
        server.Type(1, "krmx/unlink");
        Assert.Equal(TimeSpan.FromSeconds(13), server.Input.NextDue);
        server.Authenticate = _ => null;
        server.Link(1, "bob");
        Assert.Equal(TimeSpan.FromSeconds(11), server.Input.NextDue);
        Pass(server, seconds: 5);
        Link(server, 2, "carol");
        server.Close(1);
        Assert.Equal(TimeSpan.FromSeconds(13), server.Input.NextDue);
        Pass(server, seconds: 7);
        Assert.Equal("", server.Users);
        Assert.Equal(TimeSpan.FromSeconds(16), server.Input.NextDue);
    }

    [Fact]
    public void Timeout_OfAUserWhoIsBeingLinked_RejectsTheLink()
    {
        RecordedServer server = Open(new() { Users = { Timeout = TimeSpan.FromSeconds(1) } });
        Link(server, 1, "alice");
        server.Type(1, "krmx/unlink");
        server.Authenticate = _ => null;
        server.Link(1, "alice");
        server.Take();
        Pass(server, seconds: 1);
        Assert.Equal(
            ["1: rejected user alice left before the link was made", "cancel", "leave alice", "rejected 1 UserChanged"],
            server.Take().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Timeout_WithoutOne_UsersStay()
    {
        RecordedServer server = Open(new());
        Link(server, 1, "alice");
        server.Close(1);
        _now = TimeSpan.FromDays(1000);
        server.Give(input => input.Advance(_now));
        Assert.Equal("alice", server.Users);
        Assert.Null(server.Input.NextDue);
    }

    private static RecordedServer Open(KrmxRoomOptions options) => new(options);

    private static void Link(RecordedServer server, int connection, string username)
    {
        server.Open(connection);
        server.Link(connection, username);
    }

    private void Pass(RecordedServer server, int seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        server.Give(input => input.Advance(_now));
    }
}
