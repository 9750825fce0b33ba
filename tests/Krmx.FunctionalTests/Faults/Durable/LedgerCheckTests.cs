using Krmx.FaultPeer;

namespace Krmx.FunctionalTests.Faults.Durable;

/// <summary>What is lost, doubled or out of order is found, so finding nothing means something.</summary>
public class LedgerCheckTests
{
    private static readonly LedgerContent Sound = new(
        ["ann 1", "bob 1", "ring 1", "ann 2", "bob 2", "ann 3"], Rings: 1, new Dictionary<string, int[]> { ["ann"] = [1, 2] });

    private static readonly WriterState Ann = StateOf("ann", said: 3, marked: 2, first: 0);
    private static readonly WriterState Bob = StateOf("bob", said: 2, marked: 0, first: 1);

    [Fact]
    public void SoundLedger_HasNoViolations() => Assert.Empty(Check(Sound, Ann, Bob));

    [Theory]
    [InlineData("a line is lost", "ann 1,bob 1,ring 1,bob 2,ann 3")]
    [InlineData("the last is lost", "ann 1,bob 1,ring 1,ann 2,bob 2")]
    [InlineData("a line is there twice", "ann 1,bob 1,ring 1,ann 2,ann 2,bob 2,ann 3")]
    [InlineData("two lines are in the wrong order", "ann 1,bob 1,ring 1,ann 3,bob 2,ann 2")]
    [InlineData("lines of two are exchanged, and all that are told", "bob 1,ann 1,ring 1,ann 2,bob 2,ann 3")]
    [InlineData("nobody has said a line", "ann 1,bob 1,ring 1,ann 2,bob 2,ann 3,cat 1")]
    [InlineData("a ring is lost", "ann 1,bob 1,ann 2,bob 2,ann 3")]
    [InlineData("it rang twice", "ann 1,bob 1,ring 1,ring 1,ann 2,bob 2,ann 3")]
    public void WrongLedger_IsFound(string what, string lines) =>
        Assert.True(Check(Sound with { Lines = lines.Split(',') }, Ann, Bob).Length > 0, what);

    [Fact]
    public void WrongMarks_AreFound()
    {
        foreach (int[] marks in new int[][] { [], [1], [2, 1], [1, 1, 2], [1, 2, 3] })
            Assert.NotEmpty(Check(Sound with { Marks = new Dictionary<string, int[]> { ["ann"] = marks } }, Ann, Bob));
        Assert.NotEmpty(Check(Sound, Ann with { View = 1 }, Bob));
    }

    [Fact]
    public void WrongHearing_IsFound()
    {
        Assert.NotEmpty(Check(Sound, Ann, Bob with { Last = 5 }));
        Assert.NotEmpty(Check(Sound, Ann, Bob with { Sum = Ann.Sum }));
        Assert.NotEmpty(Check(Sound, Ann, Bob with { Violations = ["there was a gap"] }));
        Assert.NotEmpty(Check(Sound, Ann with { Said = 4 }, Bob));
    }

    [Fact]
    public void WrongAnswer_IsFound()
    {
        Assert.Empty(LedgerCheck.Violations(Sound, [Ann, Bob], static username => username == "ann" ? [(3, 6)] : []));
        Assert.NotEmpty(LedgerCheck.Violations(Sound, [Ann, Bob], static username => username == "ann" ? [(3, 4)] : []));
        Assert.NotEmpty(LedgerCheck.Violations(Sound, [Ann, Bob], static username => username == "ann" ? [(4, 7)] : []));
    }

    private static string[] Check(LedgerContent ledger, params WriterState[] writers) => [.. LedgerCheck.Violations(ledger, writers, static _ => [])];

    private static WriterState StateOf(string username, int said, int marked, int first) => new()
    {
        Username = username,
        IsLinked = true,
        Said = said,
        Marked = marked,
        View = marked,
        First = first,
        Last = Sound.Lines.Length,
        Sum = Sound.Lines[first..].Aggregate(LineSum.Empty, LineSum.Add),
        Recovered = 1,
        Closes = 1,
        Waiting = 0,
        Refused = 0,
        SlowestReturn = 0,
        Violations = [],
    };
}
