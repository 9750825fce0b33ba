using System.Collections.Immutable;
using Krmx.State;

namespace Krmx.Tests.Docs;

/// <summary>What the application of the transcripts does.</summary>
internal static class TranscriptState
{
    private static readonly StreamModel<int> Sum = new(0);
    private static readonly ProjectionModel<ImmutableDictionary<string, int>, View> Hands = new(
        ImmutableDictionary.Create<string, int>(StringComparer.Ordinal),
        static (hands, user) => new View(hands.Count, hands.TryGetValue(user, out int own) ? own : null, "hold one number each"));

    static TranscriptState()
    {
        Sum.When<int>("add", Refuse, static (sum, _, number) => sum + number);
        Hands.When<int>("take", Refuse, static (hands, user, number) => hands.SetItem(user, number));
    }

    /// <param name="server">The server of the transcript.</param>
    /// <param name="heading">The line that opens the transcript, which says what is attached.</param>
    public static void Attach(KrmxRoomCore server, string heading)
    {
        if (heading.EndsWith(" state", StringComparison.Ordinal))
        {
            server.AddAtoms();
            server.AddStream("sum", Sum);
        }
        else if (heading.EndsWith(" projection", StringComparison.Ordinal))
        {
            server.AddProjection("hands", Hands);
        }
        else if (heading.EndsWith(" requests", StringComparison.Ordinal))
        {
            server.OnRequest<Take, Seat>("seat/take", static (user, take) =>
                take.Number > 4 ? throw new KrmxRefusedException("there is no such seat") : new Seat(take.Number, user.Name));
        }
        else if (heading.EndsWith(" chat", StringComparison.Ordinal))
        {
            server.OnMessage("say", (_, message) => server.Broadcast(KrmxMessage.FromJson("said", message.Payload)));
        }
    }

    private static string? Refuse(int number) => number > 9 ? "the number is too large" : null;

    private sealed record Take(int Number);

    private sealed record Seat(int Number, string Of);

    private sealed record View(int Holders, int? Own, string Rule);
}
