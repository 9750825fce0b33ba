using System.Collections.Immutable;
using System.Text.Json;
using Krmx.Conformance.Harness;
using Krmx.State;

namespace Krmx.Conformance.Targets;

/// <summary>The shared state of the rules on a server of ours: atoms, a stream "sum" and a projection "hands".</summary>
internal sealed class SharedState
{
    private static readonly StreamModel<int> Sum = new(0);
    private static readonly ProjectionModel<ImmutableSortedDictionary<string, int>, HandView> Hands = new(
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal),
        static (hands, user) => new HandView("so that a delta is shorter than the view", hands.Count, hands.GetValueOrDefault(user)));

    private static readonly Func<int, KrmxAction> Add = Sum.When<int>(
        "add", Refuse, static (sum, _, number) => sum + number);

    private static readonly Func<int, KrmxAction> Take = Hands.When<int>(
        "take", Refuse, static (hands, user, number) => hands.SetItem(user, number));

    private readonly ServerAtoms _atoms;
    private readonly ServerStream<int> _sum;
    private readonly ServerProjection<ImmutableSortedDictionary<string, int>, HandView> _hands;

    static SharedState()
    {
        Sum.SnapshotAs("total");
        Sum.When("break", static (_, _) => throw new InvalidOperationException(Application.Deliberate));
        Hands.When("fail", static (_, _) => throw new KrmxRefusedException("it is not your turn"));
        Hands.When("break", static (_, _) => throw new InvalidOperationException(Application.Deliberate));
    }

    public SharedState(KrmxRoomCore server, ServerSetup setup)
    {
        bool clears = setup.ClearsStateWhenEmpty;
        _atoms = server.AddAtoms(new() { ClearsWhenEmpty = clears, HasStrictPrefixes = setup.HasStrictAtoms });
        var log = new StreamOptions { ClearsWhenEmpty = clears };
        log.MaxLogBytes = setup.MaxLogBytes ?? log.MaxLogBytes;
        _sum = server.AddStream("sum", Sum, log);
        _hands = server.AddProjection("hands", Hands, new() { ClearsWhenEmpty = clears });
    }

    /// <summary>Does what the application does by itself.</summary>
    public void Make(AppCall call)
    {
        JsonElement value = JsonElement.Parse(call.Message!);
        switch (call)
        {
            case { Method: "atom", User: string key } when value.ValueKind == JsonValueKind.Number:
                _atoms.Set(key, value.GetInt64());
                break;
            case { Method: "atom", User: string key }:
                _atoms.Set(key, value.GetString()!);
                break;
            case { Method: "append", User: string user }:
                _sum.Dispatch(user, Add(value.GetInt32()));
                break;
            case { Method: "act", User: string user }:
                _hands.Dispatch(user, Take(value.GetInt32()));
                break;
        }
    }

    private static string? Refuse(int number) => number > 9 ? "the number is too large" : null;

    private sealed record HandView(string Note, int Hands, int Own);
}
