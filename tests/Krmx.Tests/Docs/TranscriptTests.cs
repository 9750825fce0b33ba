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
        var options = new KrmxRoomOptions
        {
            LinkConflict = lines[0].Contains("conflict=replace", StringComparison.Ordinal) ? LinkConflict.Replace : LinkConflict.Reject,
        };
        var krmx = new KrmxRoomCore(options, output);
        TranscriptState.Attach(krmx, lines[0]);
        IRoomInput server = krmx;
        server.Starting();
        server.Listening(0);

        foreach (string line in lines[1..])
        {
            if (!line.Contains('←'))
                Do(line, server, output);
        }

        Assert.Equal(lines[1..], output.Lines);
    }

    [Fact]
    public void Transcripts_AreThere() => Assert.Equal(["Join", "Relink", "Takeover", "Rejection", "Atoms and a stream", "A projection"], Blocks().Keys);

    private static void Do(string line, IRoomInput server, Transcript output)
    {
        string[] parts = line.Split(' ', 3);
        var connection = new ConnectionId(long.Parse(parts[0][1..], null));
        if (output.Opened.Add(connection))
            server.ConnectionOpened(connection);
        output.Lines.Add(line);
        if (parts[1] == "→")
            server.FrameReceived(connection, InboundFrame.Parse(Encoding.UTF8.GetBytes(parts[2])));
        else
            server.ConnectionClosed(connection);
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

    private sealed class Transcript : IRoomOutput
    {
        public List<string> Lines { get; } = [];

        public HashSet<ConnectionId> Opened { get; } = [];

        public void Send(ConnectionId connection, ReadOnlyMemory<byte> frame) =>
            Lines.Add($"c{connection} ← {Encoding.UTF8.GetString(frame.Span)}");

        public void Send(ReadOnlySpan<ConnectionId> connections, ReadOnlyMemory<byte> frame)
        {
            foreach (ConnectionId connection in connections)
                Send(connection, frame);
        }

        public void Close(ConnectionId connection, CloseCode code, string description) => Lines.Add($"c{connection} closed {code}");

        public LinkResult? Authenticate(AttemptId attempt, LinkRequest request, TimeSpan timeout) => LinkResult.Accept;

        public void CancelAuthentication(AttemptId attempt)
        {
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
