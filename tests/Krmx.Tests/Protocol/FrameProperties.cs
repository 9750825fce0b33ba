using System.Text;
using System.Text.Json;
using CsCheck;
using Krmx.Protocol;

namespace Krmx.Tests.Protocol;

/// <summary>What holds for every frame, tried on many.</summary>
[FullRunOnly, Collection(nameof(WholeMachine))]
public sealed class FrameProperties
{
    /// <summary>Text without lone surrogates, of the characters that make trouble.</summary>
    private static readonly Gen<string> Text =
        Gen.OneOf(
            Gen.Char.AlphaNumeric.Select(c => c.ToString()),
            Gen.OneOf<string>("\"", "\\", "/", "\0", "\n", "\u2028", "é", "名", "😀", "\ufeff", "<", "krmx/"))
            .Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> Scalar = Gen.OneOf(
        Gen.OneOf<string>("null", "true", "false", "0", "-0", "1.0", "1e400", "12345678901234567890", "0.10", "\"\\ud800\"", "\"\\/\""),
        Gen.Int.Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Text.Select(text => JsonSerializer.Serialize(text)));

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth >= 5 ? Scalar : Gen.OneOf(
        Scalar,
        inner.Array[0, 3].Select(items => $"[{string.Join(", ", items)}]"),
        Gen.Select(Text, inner).Array[0, 3].Select(members =>
            $"{{{string.Join(',', members.Select(m => $"{JsonSerializer.Serialize(m.Item1)}: {m.Item2}"))}}}")));

    private static readonly Gen<byte[]> ValidFrame = Gen.Select(Text, Json, Gen.Bool, (type, payload, hasPayload) =>
        Encoding.UTF8.GetBytes($$"""{"type":{{JsonSerializer.Serialize(type)}}{{(hasPayload ? $",\"payload\":{payload}" : "")}}}"""));

    private static readonly Gen<(int At, int Kind, byte Value)[]> Mutations =
        Gen.Select(Gen.Int[0, 1 << 20], Gen.Int[0, 3], Gen.Byte).Array[1, 5];

    [Fact]
    public void ArbitraryBytes_NeverThrow() =>
        Gen.Byte.Array[0, 200].Sample(bytes => { FrameReader.TryRead(bytes, 64, out _); }, iter: 200_000);

    [Fact]
    public void MutatedFrames_NeverThrow_AndWhatIsReadCanBeWritten() => Gen.Select(ValidFrame, Mutations).Sample(
        (frame, mutations) =>
        {
            byte[] mutated = mutations.Aggregate(frame, Mutate);
            if (FrameReader.TryRead(mutated, 64, out KrmxMessage message))
                AssertSame(message, FrameWriter.Write(message));
        },
        iter: 200_000);

    [Fact]
    public void WrittenMessages_AreReadAsTheyWere() => Gen.Select(Text, Json, Gen.Bool).Sample(
        (type, payload, hasPayload) =>
        {
            KrmxMessage message = hasPayload ? KrmxMessage.FromJson(type, Encoding.UTF8.GetBytes(payload)) : new KrmxMessage(type);
            AssertSame(message, FrameWriter.Write(message));
        },
        iter: 50_000);

    [Fact]
    public void MutatedFrames_NeverUnsettleAServer() => Gen.Select(ValidFrame, Mutations, Gen.Bool).Sample(
        (frame, mutations, isLinked) =>
        {
            Server.RecordedServer server = Server.RecordedServer.WithLinked(isLinked ? ["alice"] : []);
            if (!isLinked)
                server.Open(1);
            byte[] mutated = mutations.Aggregate(frame, Mutate);
            server.Input.FrameReceived(new Krmx.Rooms.ConnectionId(1), InboundFrame.Parse(mutated));
            Assert.NotEmpty(server.Take());
        },
        iter: 20_000);

    private static byte[] Mutate(byte[] bytes, (int At, int Kind, byte Value) mutation)
    {
        int at = mutation.At % (bytes.Length + 1), next = Math.Min(at + 1, bytes.Length);
        return mutation.Kind switch
        {
            0 => [.. bytes[..at], mutation.Value, .. bytes[next..]],
            1 => [.. bytes[..at], .. bytes[next..]],
            2 => [.. bytes[..at], mutation.Value, .. bytes[at..]],
            _ => [.. bytes[..at], .. bytes],
        };
    }

    private static void AssertSame(in KrmxMessage expected, byte[] frame)
    {
        Assert.True(FrameReader.TryRead(frame, 64, out KrmxMessage read));
        Assert.Equal(expected.Type, read.Type);
        Assert.Equal(expected.HasPayload, read.HasPayload);
        Assert.Equal(
            Encoding.UTF8.GetString(expected.Payload.Span).Trim(' ', '\t', '\r', '\n'), Encoding.UTF8.GetString(read.Payload.Span));
    }
}
