using Krmx.Client;

namespace Krmx.Tests.Client;

/// <summary>Every call in every phase of a client: where it leads, or that it is refused and changes nothing.</summary>
public sealed class ClientTransitionTests
{
    /// <summary>What a phase is reached by, the status it shows, and the status that each call leads to; a dash where it is refused.</summary>
    private const string Phases = """
        way to the phase                   shows        | connecting  connected  closing  lost          disconnected  link     unlink     leave      send
                                           Disconnected | Connecting  -          -        -             -             -        -          -          -
        connecting                         Connecting   | -           Connected  Closing  -             Disconnected  -        -          -          -
        open lost                          Reconnecting | -           Connected  Closing  -             Disconnected  -        -          -          -
        connecting closing                 Closing      | -           -          -        -             Disconnected  -        -          -          -
        open lost closing                  Closing      | -           -          -        -             Disconnected  -        -          -          -
        open                               Connected    | -           -          Closing  Reconnecting  Disconnected  Linking  -          -          -
        open link                          Linking      | -           -          Closing  Reconnecting  Disconnected  -        -          -          -
        open link +mismatched              Linking      | -           -          Closing  Reconnecting  Disconnected  -        -          -          -
        open link +accepted                Linking      | -           -          Closing  Reconnecting  Disconnected  -        -          -          -
        open link +mismatched +accepted    Linking      | -           -          Closing  Reconnecting  Disconnected  -        -          -          -
        open link +rejected                Connected    | -           -          Closing  Reconnecting  Disconnected  Linking  -          -          -
        linked                             Linked       | -           -          Closing  Reconnecting  Disconnected  -        Unlinking  Unlinking  Linked
        open link +granted                 Linking      | -           -          Closing  Reconnecting  Disconnected  -        -          -          -
        arriving                           Linked       | -           -          Closing  Reconnecting  Disconnected  -        Unlinking  Unlinking  Linked
        arriving +ready                    Linked       | -           -          Closing  Reconnecting  Disconnected  -        Unlinking  Unlinking  Linked
        linked +unlinked                   Connected    | -           -          Closing  Reconnecting  Disconnected  Linking  -          -          -
        linked unlink                      Unlinking    | -           -          Closing  Reconnecting  Disconnected  -        -          -          -
        linked unlink +unlinked            Connected    | -           -          Closing  Reconnecting  Disconnected  Linking  -          -          -
        linked leave                       Unlinking    | -           -          Closing  Reconnecting  Disconnected  -        -          -          -
        linked leave +unlinked             Unlinking    | -           -          Closing  Reconnecting  Disconnected  -        -          -          -
        linked leave +unlinked +left       Connected    | -           -          Closing  Reconnecting  Disconnected  Linking  -          -          -
        linked leave +unlinked +tooLate    Connected    | -           -          Closing  Reconnecting  Disconnected  Linking  -          -          -
        linked closing                     Closing      | -           -          -        -             Disconnected  -        -          -          -
        """;

    /// <summary>The same for what the server says: the status it leads to; a dash where it is a violation.</summary>
    private const string Hearing = """
        way to the phase                   | accepted  mismatched  rejected   tooLate    joined   linked  unlinked   left       users      changes    ready
        open                               | -         Connected   Connected  Connected  -        -       -          -          -          -          -
        open link                          | Linking   Linking     Connected  Linking    -        -       -          -          -          -          -
        open link +mismatched              | Linking   Connected   Connected  Linking    -        -       -          -          -          -          -
        open link +accepted                | -         Linking     Linking    Linking    Linking  -       -          -          -          -          -
        open link +accepted +joined        | -         Linking     Linking    Linking    -        Linked  -          Linking    -          -          -
        linked                             | -         Linked      Linked     Linked     -        -       Connected  -          -          -          -
        linked +unlinked                   | -         Connected   Connected  Connected  -        -       -          Connected  -          -          -
        linked +unlinked link              | Linking   Linking     Connected  Linking    -        -       -          Linking    -          -          -
        linked unlink                      | -         Unlinking   Unlinking  Unlinking  -        -       Connected  -          -          -          -
        linked leave                       | -         Unlinking   Unlinking  Unlinking  -        -       Unlinking  -          -          -          -
        linked leave +unlinked             | -         Unlinking   Unlinking  Connected  -        -       -          Connected  -          -          -
        open link +granted                 | -         Linking     Linking    Linking    Linking  -       -          -          Linked     Linking    -
        arriving                           | -         Linked      Linked     Linked     -        -       Connected  -          Linked     Linked     Linked
        arriving +ready                    | -         Linked      Linked     Linked     -        -       Connected  -          Linked     Linked     -
        arriving unlink                    | -         Unlinking   Unlinking  Unlinking  -        -       Connected  -          Unlinking  Unlinking  Unlinking
        arriving leave                     | -         Unlinking   Unlinking  Unlinking  -        -       Unlinking  -          Unlinking  Unlinking  Unlinking
        """;

    public static TheoryData<string, string, string> Calls => Read(Phases);

    public static TheoryData<string, string, string> Words => Read(Hearing);

    [Theory]
    [MemberData(nameof(Calls))]
    public void Call_LeadsWhereTheTableSays_OrIsRefusedAndChangesNothing(string way, string call, string expected)
    {
        RecordedClientCore client = Go(way);
        ClientStatus before = client.Core.Status;

        if (expected == "-")
        {
            KrmxException refusal = Assert.Throws<KrmxException>(() => Make(client, call));
            Assert.Contains(before.ToString(), refusal.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Empty(client.Take());
            Assert.Empty(client.Changes);
            Assert.Equal(before, client.Core.Status);
            Assert.Equal(Go(way).Core.Users, client.Core.Users);
        }
        else
        {
            Make(client, call);
            Assert.Equal(expected, client.Core.Status.ToString());
            Assert.NotEmpty(client.Take());
        }
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void Word_LeadsWhereTheTableSays_OrIsAViolationAndChangesNothing(string way, string word, string expected)
    {
        RecordedClientCore client = Go(way);
        ClientStatus before = client.Core.Status;

        Make(client, $"+{word}");

        string[] log = client.Take();
        if (expected == "-")
        {
            Assert.StartsWith("violation", Assert.Single(log), StringComparison.Ordinal);
            Assert.Empty(client.Changes);
            Assert.Equal(before, client.Core.Status);
        }
        else
        {
            Assert.Equal(expected, client.Core.Status.ToString());
            Assert.DoesNotContain(log, line => line.StartsWith("violation", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Phases_AreReachedAll()
    {
        foreach (string line in Phases.Split('\n').Skip(1))
        {
            string[] halves = line.Split('|');
            string way = halves[0].Trim()[..^halves[0].Trim().Split(' ')[^1].Length].Trim();
            Assert.Equal(halves[0].Trim().Split(' ')[^1], Go(way).Core.Status.ToString());
        }
        Assert.All(Enum.GetValues<ClientStatus>(), status => Assert.Contains(status.ToString(), Phases, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("open link", "+rejected", LinkChange.Rejected)]
    [InlineData("open link +accepted +joined", "+linked", LinkChange.Made)]
    [InlineData("linked", "+unlinked", LinkChange.EndedByServer)]
    [InlineData("linked unlink", "+unlinked", null)]
    [InlineData("linked leave", "+unlinked", null)]
    [InlineData("linked", "lost", null)]
    public void Driver_IsToldOfTheLinkBeforeTheListenersAre(string way, string step, LinkChange? change)
    {
        RecordedClientCore client = Go(way);
        int heardBefore = -1;
        client.Core.OnStatus(_ => heardBefore = client.Changes.Count);
        client.Core.OnUnlink(_ => heardBefore = client.Changes.Count);
        Make(client, step);
        Assert.Equal(change is null ? [] : [change.Value], client.Changes);
        Assert.Equal(client.Changes.Count, heardBefore);
    }

    private static TheoryData<string, string, string> Read(string table)
    {
        string[][] rows = [.. table.Split('\n').Select(line => line.Split('|'))];
        string[] signals = Words(rows[0][1]);
        var data = new TheoryData<string, string, string>();
        foreach (string[] row in rows.Skip(1))
        {
            string way = string.Join(' ', Words(row[0]).Where(word => !Enum.TryParse<ClientStatus>(word, out _)));
            foreach ((string signal, string next) in signals.Zip(Words(row[1])))
                data.Add(way, signal, next);
        }
        return data;

        static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static RecordedClientCore Go(string way)
    {
        var client = new RecordedClientCore();
        foreach (string step in way.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Make(client, step);
        client.Take();
        client.Changes.Clear();
        return client;
    }

    private static void Make(RecordedClientCore client, string step)
    {
        switch (step)
        {
            case "connecting":
                client.Input.Connecting();
                break;
            case "connected":
                client.Input.Connected();
                break;
            case "closing":
                client.Input.Closing();
                break;
            case "lost":
                client.Input.Lost();
                break;
            case "disconnected":
                client.Input.Disconnected();
                break;
            case "link":
                client.Input.Link("bob", null);
                break;
            case "unlink":
                client.Input.Unlink();
                break;
            case "leave":
                client.Input.Leave();
                break;
            case "send":
                client.Input.Send(new KrmxMessage("custom"));
                break;
            case "open":
                Array.ForEach(["connecting", "connected"], step => Make(client, step));
                break;
            case "linked":
                Array.ForEach(["open", "link", "+accepted", "+joined", "+linked"], step => Make(client, step));
                break;
            case "arriving":
                Array.ForEach(["open", "link", "+granted", "+users"], step => Make(client, step));
                break;
            case "+granted":
                client.ReceiveText("""{"type":"krmx/accepted","payload":{"extensions":["presence"]}}""");
                break;
            case "+users":
                client.ReceiveText("""{"type":"krmx/users","payload":{"users":[["bob",true]]}}""");
                break;
            case "+changes":
                client.ReceiveText("""{"type":"krmx/changes","payload":{"changes":[["joined","bob"],["linked","bob"]]}}""");
                break;
            case "+ready":
                client.Receive("krmx/ready");
                break;
            case "+accepted":
                client.Receive("krmx/accepted");
                break;
            case "+mismatched":
                client.ReceiveRejected("krmx server version mismatch (server=0.5.*,client=0.6.0)");
                break;
            case "+rejected":
                client.ReceiveRejected("no");
                break;
            case "+tooLate":
                client.ReceiveRejected("unlinked connection");
                break;
            default:
                client.ReceiveOf($"krmx/{step[1..]}", "bob");
                break;
        }
    }
}
