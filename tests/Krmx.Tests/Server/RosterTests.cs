using System.Text;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>What a newcomer is told of hundreds who come and go, against a list.</summary>
public sealed class RosterTests : IRoomDiagnostics
{
    private readonly RoomEffects _effects = new();
    private readonly KrmxRoomCore _room;
    private readonly List<string> _names = [];
    private readonly HashSet<string> _linked = [];
    private long _lastConnection;

    public RosterTests()
    {
        _room = new KrmxRoomCore(new KrmxRoomOptions { Users = { Max = 20_000 } }, _effects, this);
        Input.Open();
        Input.Opened();
    }

    private IRoomInput Input => _room;

    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 200)]
    [InlineData(3, 500)]
    public void Picture_IsOfThoseWhoAreThere(int seed, int most)
    {
        var random = new Random(seed);
        for (int step = 0; step < 4000; step++)
        {
            bool grows = step / 1000 % 2 == 0; // in turn, so that pages become small
            if (_names.Count < most && random.Next(4) > 0 == grows)
                Join($"user{step}");
            else if (_names.Count > 0)
                Change(_names[random.Next(_names.Count)], random.Next(grows ? 12 : 2));
            if (step % 20 == 0)
                Check();
        }
    }

    /// <summary>A picture may be under way for long; those who come and go meanwhile do not change it.</summary>
    [Fact]
    public void Picture_StaysAsItIs()
    {
        for (int i = 0; i < 200; i++)
            Join($"user{i}");
        IReadOnlyList<ReadOnlyMemory<byte>> picture = Newcomer();
        string[] before = Texts(picture);
        for (int i = 0; i < 200; i++)
            Change($"user{i}", i % 3);
        Join("another");
        Newcomer();
        Assert.Equal(before, Texts(picture));
    }

    /// <summary>Whoever comes into a large room costs a page, not the room.</summary>
    [Fact]
    public void Picture_SharesWhatHasNotChanged()
    {
        for (int i = 0; i < 10_000; i++)
            Join($"user{i}");
        Change("user5000", 1);
        Newcomer();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(10_004, Newcomer().Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 20_000);
    }

    [Fact]
    public void Picture_HasTheMetadataAsTheyAreNow()
    {
        for (int i = 0; i < 200; i++)
            Join($"user{i}");
        Newcomer(extensions: "\"presence\"");
        _room.FindUser("user7")!.SetMeta("seven");
        string[] picture = Texts(Newcomer(extensions: "\"presence\""));
        Assert.Contains("[\"user7\",false,\"seven\"]", picture[1], StringComparison.Ordinal);
    }

    void IRoomDiagnostics.Rejected(ConnectionId connection, RejectionKind kind, string reason) => Assert.Fail(reason);

    void IRoomDiagnostics.ProtocolViolated(ConnectionId connection, string username, string? messageType) => Assert.Fail(messageType ?? username);

    void IRoomDiagnostics.PayloadRefused(string username, string messageType, Exception error) => Assert.Fail(error.Message);

    void IRoomDiagnostics.ListenerFailed(string eventName, Exception error) => Assert.Fail(error.Message);

    private static InboundFrame Parse(string text) => InboundFrame.Parse(Encoding.UTF8.GetBytes(text));

    private static string[] Texts(IEnumerable<ReadOnlyMemory<byte>> frames) => [.. frames.Select(static frame => Encoding.UTF8.GetString(frame.Span))];

    private void Join(string name)
    {
        _room.Join(name);
        _names.Add(name);
    }

    /// <summary>Links, unlinks or kicks a user.</summary>
    private void Change(string name, int choice)
    {
        if (choice == 0)
        {
            _room.Kick(name);
            _names.Remove(name);
            _linked.Remove(name);
        }
        else if (_linked.Remove(name))
        {
            _room.Unlink(name);
        }
        else
        {
            Link(name);
            _linked.Add(name);
        }
        _effects.Clear();
    }

    private ConnectionId Link(string name, string extensions = "")
    {
        var connection = new ConnectionId(++_lastConnection);
        Input.ConnectionOpened(connection);
        Input.FrameReceived(connection, Parse($$$"""{"type":"krmx/link","payload":{"username":"{{{name}}}","version":"0.6.0","extensions":[{{{extensions}}}]}}"""));
        return connection;
    }

    /// <summary>Somebody comes, is told who is here, and leaves.</summary>
    private IReadOnlyList<ReadOnlyMemory<byte>> Newcomer(string extensions = "")
    {
        _effects.Clear();
        Input.ConnectionClosed(Link("newcomer", extensions));
        IReadOnlyList<ReadOnlyMemory<byte>>? picture = null;
        foreach (ref readonly RoomEffect effect in _effects.InOrder)
            picture ??= effect.Kind == RoomEffectKind.SendPicture ? effect.Frames : null;
        _room.Kick("newcomer");
        _effects.Clear();
        return picture!;
    }

    private void Check()
    {
        IReadOnlyList<ReadOnlyMemory<byte>> picture = Newcomer();
        List<string> expected = ["""{"type":"krmx/accepted"}"""];
        foreach (string name in _names.Append("newcomer"))
        {
            expected.Add($$$"""{"type":"krmx/joined","payload":{"username":"{{{name}}}"}}""");
            if (name == "newcomer" || _linked.Contains(name))
                expected.Add($$$"""{"type":"krmx/linked","payload":{"username":"{{{name}}}"}}""");
        }
        Assert.Equal(expected, Texts(picture));
        Assert.Equal(expected, Texts(Enumerable.Range(0, picture.Count).Select(i => picture[i])));
        Assert.Equal(_names, _room.Users.Select(static user => user.Name));
        Assert.Equal(_linked.Count, _room.LinkedCount);
    }
}
