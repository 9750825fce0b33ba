using Krmx.Links;

namespace Krmx.Tests.Client;

/// <summary>What a client wants of its link, written a second time: every signal in every state.</summary>
public sealed class LinkIntentTests
{
    private const string Expected = """
        from       Call     Cancel     Release    Request    Fail       GiveUp  Made       Rejected  Conflicted  EndedByServer  Reconnected  Dropped  Farewell  Gone
        None       Proving  -          -          -          -          -       -          -         -           -              -            None     None      None
        Proving    -        None       -          Asked      None       -       -          -         -           -              -            None     None      None
        Asked      -        Withdrawn  -          -          None       -       Held       None      -           -              -            None     None      None
        Withdrawn  -        -          None       -          -          -       Withdrawn  None      None        None           -            None     None      None
        Held       -        Withdrawn  None       -          -          -       -          -         -           Ended          -            Away     Away      None
        Ended      Proving  -          -          -          -          -       -          -         -           -              -            None     Away      None
        Away       Proving  -          None       -          -          -       -          -         -           -              Returning    None     None      None
        Returning  Proving  -          None       Relinking  Returning  None    -          -         -           -              -            Away     Away      None
        Relinking  -        -          Withdrawn  -          Returning  -       Held       None      Returning   -              -            Away     Away      None
        """;

    [Fact]
    public void Table_SaysWhatIsExpected()
    {
        string[][] rows = [.. Expected.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Equal(Enum.GetNames<LinkSignal>(), rows[0][1..]);
        Assert.Equal(Enum.GetNames<LinkIntent>(), rows.Skip(1).Select(row => row[0]));
        foreach (string[] row in rows.Skip(1))
        {
            foreach ((string signal, string next) in rows[0].Zip(row).Skip(1))
            {
                bool isAllowed = LinkIntents.TryGetNext(Enum.Parse<LinkIntent>(row[0]), Enum.Parse<LinkSignal>(signal), out LinkIntent to);
                Assert.Equal((row[0], signal, next), (row[0], signal, isAllowed ? to.ToString() : "-"));
            }
        }
    }
}
