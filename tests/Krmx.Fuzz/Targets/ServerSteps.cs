using Krmx.Simulation;
using static Krmx.Fuzz.PropertyBrokenException;

namespace Krmx.Fuzz;

/// <summary>
/// Bytes as a history of the simulation: three for the set-up, then four for each step. After every step the server must have shown what
/// the model did; after the last one everybody links again and the server closes.
/// </summary>
internal static class ServerSteps
{
    private const int SetupLength = 3;
    private const int StepLength = 4;

    private static readonly int[] FrameCaps = [0, 1, 2, 32];
    private static readonly int[] ByteCaps = [0, 30, 200, 64 * 1024];
    private static readonly int Kinds = Enum.GetValues<StepKind>().Length;
    private static readonly int Reactions = Enum.GetValues<Reaction>().Length;

    public static void Check(byte[] input)
    {
        if (input.Length < SetupLength)
            return;
        var world = new World(ReadSetup(input));
        for (int at = SetupLength; at + StepLength <= input.Length; at += StepLength)
        {
            Step step = ReadStep(input.AsSpan(at, StepLength));
            if (world.Do(step) is string violation)
                throw new PropertyBrokenException($"{violation}\nat {step}");
        }
        string? left = world.Heal();
        ThrowUnless(left is null, $"{left}\nat the end");
    }

    private static Setup ReadSetup(byte[] input) => new(
        Names: 2 + (input[0] % 7),
        Connections: 1 + (input[1] % 12),
        (LinkConflict)(input[2] % 3),
        AuthenticateFirst: input[2] >= 128,
        FrameCaps[(input[2] >> 1) % FrameCaps.Length],
        ByteCaps[(input[2] >> 3) % ByteCaps.Length]);

    private static Step ReadStep(ReadOnlySpan<byte> bytes) => new(
        (StepKind)(bytes[0] % Kinds),
        Connection: bytes[1] & 15,
        Name: bytes[1] >> 4,
        Choice: bytes[2],
        (Reaction)((bytes[3] & 15) % Reactions),
        ReactionName: (bytes[3] >> 4) & 7,
        ReactionAt: (bytes[0] / Kinds) % 4);
}
