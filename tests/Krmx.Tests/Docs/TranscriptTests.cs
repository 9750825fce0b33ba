using System.Text;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Tests.Docs;

/// <summary>Replays the wire transcripts of docs/protocol.md, so that they stay true.</summary>
public class TranscriptTests
{
    public static TheoryData<string> Transcripts()
    {
        var transcripts = new TheoryData<string>();
        foreach (string heading in Blocks().Keys)
            transcripts.Add(heading);
        return transcripts;
    }

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void Transcript_IsWhatTheServerDoes(string heading)
    {
        string[] lines = Blocks()[heading];
        var output = new Transcript();
        var options = new KrmxRoomOptions();
        if (lines[0].Contains("conflict=replace", StringComparison.Ordinal))
            options.Links.Conflict = LinkConflict.Replace;
        var krmx = new KrmxRoomCore(options, output.Effects, output);
        TranscriptState.Attach(krmx, lines[0]);
        IRoomInput server = krmx;
        server.Open();
        server.Opened();

        foreach (string line in lines[1..])
        {
            if (!line.Contains('←'))
                Do(line, server, output);
        }

        Assert.Equal(lines[1..], output.Lines);
    }

    [Fact]
    public void Transcripts_AreThere() => Assert.Equal(["Join", "Relink", "Challenge", "Takeover", "Rejection", "Atoms and a stream", "A projection", "Presence", "Resume", "Requests"], Blocks().Keys);

    private static void Do(string line, IRoomInput server, Transcript output)
    {
        string[] parts = line.Split(' ', 3);
        var connection = new ConnectionId(long.Parse(parts[0][1..], null));
        if (output.Opened.Add(connection))
            server.ConnectionOpened(connection);
        output.Lines.Add(line);
        switch (parts[1..])
        {
            case ["→", Transcript.Pong]:
                server.ConnectionAnswered(connection);
                break;
            case ["→", string text]:
                server.FrameReceived(connection, InboundFrame.Parse(Encoding.UTF8.GetBytes(text)));
                break;
            case ["is", "silent"]:
                while (server.NextDue is TimeSpan due)
                {
                    server.Advance(due);
                    server.EndTurn();
                }
                break;
            default:
                server.ConnectionClosed(connection);
                break;
        }
        server.EndTurn();
        output.Take();
    }

    private static Dictionary<string, string[]> Blocks()
    {
        var blocks = new Dictionary<string, string[]>();
        string heading = "";
        List<string>? block = null;
        foreach (string line in File.ReadLines(RepositoryFile.Path("docs/protocol.md")))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
                heading = line[4..];
            else if (line.StartsWith("```krmx", StringComparison.Ordinal))
                block = [line];
            else if (block is not null && line == "```")
                (blocks[heading], block) = ([.. block], null);
            else
                block?.Add(line);
        }
        return blocks;
    }

    private sealed class Transcript : IRoomDiagnostics
    {
        public const string Pong = "(pong)";

        private const string Ping = "(ping)";

        private readonly SeatTable _seats = new();

        public List<string> Lines { get; } = [];

        public HashSet<ConnectionId> Opened { get; } = [];

        public RoomEffects Effects { get; } = new();

        /// <summary>Writes down what an input did.</summary>
        public void Take()
        {
            foreach (ref readonly RoomEffect effect in Effects.InOrder)
            {
                _seats.Follow(effect);
                foreach (ConnectionId receiver in _seats.Receivers(effect))
                {
                    foreach (ReadOnlyMemory<byte> frame in SeatTable.Frames(effect))
                        Lines.Add($"c{receiver} ← {Encoding.UTF8.GetString(frame.Span)}");
                }
                if (effect.Kind == RoomEffectKind.Challenge)
                    Lines.Add($"c{effect.Connection} ← {Ping}");
                if (effect.Kind == RoomEffectKind.Close)
                    Lines.Add($"c{effect.Connection} closed {effect.CloseCode}");
            }
            Effects.Clear();
        }

        public void Rejected(ConnectionId connection, RejectionKind kind, string reason)
        {
        }

        public void ProtocolViolated(ConnectionId connection, string username, string? messageType)
        {
        }

        public void PayloadRefused(string username, string messageType, Exception error)
        {
        }

        public void ListenerFailed(string eventName, Exception error) => Lines.Add(error.ToString());
    }
}
