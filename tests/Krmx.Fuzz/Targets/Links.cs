using System.Text.Json;
using System.Text.RegularExpressions;
using Krmx.Protocol;
using Krmx.Rooms;
using Krmx.Simulation;
using static Krmx.Fuzz.PropertyBrokenException;

namespace Krmx.Fuzz;

/// <summary>The first frame of a connection is answered as sections 3 to 6 of the protocol say, or is authenticated as what it asks for.</summary>
internal static partial class Links
{
    public static void Check(byte[] input)
    {
        var output = new RecordingOutput();
        var server = new KrmxRoomCore(new KrmxRoomOptions(), output.Room, output);
        output.Server = server;
        IRoomInput room = server;
        room.AsksAuthentication = true;
        room.Open();
        room.Opened();
        room.ConnectionOpened(new ConnectionId(1));
        room.FrameReceived(new ConnectionId(1), InboundFrame.Parse(input));
        output.EndInput();

        ThrowUnless(output.Effects.Count > 0, "the frame was not answered");
        Effect first = output.Effects[0];
        string answer = first.Kind == EffectKind.Frame ? ReasonOf(first.Text) : $"authenticates {first.Text}";
        string expected = Expect(input);
        ThrowUnless(answer == expected, $"expected '{expected}', the server said '{answer}'");
    }

    private static string Expect(byte[] input)
    {
        if (MessageOracle.Read(input, FrameReader.DefaultMaxDepth) is not var (type, payload))
            return "invalid message";
        if (type != "krmx/link")
            return "unlinked connection";
        using JsonDocument request = JsonDocument.Parse(payload ?? "null"u8.ToArray());
        if (request.RootElement.ValueKind != JsonValueKind.Object)
            return "invalid link request";

        JsonElement? username = MessageOracle.LastMember(request.RootElement, "username");
        JsonElement? version = MessageOracle.LastMember(request.RootElement, "version");
        JsonElement? auth = MessageOracle.LastMember(request.RootElement, "auth");
        if (username?.ValueKind != JsonValueKind.String || version?.ValueKind != JsonValueKind.String ||
            auth?.ValueKind is not (null or JsonValueKind.String))
            return "invalid link request";
        if (Refusal(MessageOracle.LastMember(request.RootElement, "extensions")) is string refusal)
            return refusal;
        string? name = MessageOracle.TextOf(username.Value);
        string? spoken = MessageOracle.TextOf(version.Value);
        string? secret = auth is JsonElement given ? MessageOracle.TextOf(given) : null;
        if (name is null || spoken is null || (auth is not null && secret is null))
            return "invalid message";
        if (!SupportedVersion().IsMatch(spoken))
            return $"krmx server version mismatch (server=0.6.*,client={spoken})";
        return name.Length <= 32 && ValidUsername().IsMatch(name) ? $"authenticates 1 {name} {secret} True" : "invalid username";
    }

    /// <summary>What is wrong with extensions, which are looked at in order; null where nothing is.</summary>
    private static string? Refusal(JsonElement? extensions)
    {
        if (extensions is null)
            return null;
        if (extensions.Value.ValueKind != JsonValueKind.Array)
            return "invalid link request";
        foreach (JsonElement extension in extensions.Value.EnumerateArray())
        {
            if (extension.ValueKind != JsonValueKind.String)
                return "invalid link request";
            if (MessageOracle.TextOf(extension) is null)
                return "invalid message";
        }
        return null;
    }

    private static string ReasonOf(string frame)
    {
        using JsonDocument message = JsonDocument.Parse(frame);
        ThrowUnless(message.RootElement.GetProperty("type").ValueEquals("krmx/rejected"), "the answer is no rejection");
        return message.RootElement.GetProperty("payload").GetProperty("reason").GetString()!;
    }

    [GeneratedRegex(@"\A0\.[456]\.(0|[1-9][0-9]{0,8})\z", RegexOptions.CultureInvariant)]
    private static partial Regex SupportedVersion();

    [GeneratedRegex(@"\A[A-Za-z]([.@_-]?[A-Za-z0-9])+\z", RegexOptions.CultureInvariant)]
    private static partial Regex ValidUsername();
}
