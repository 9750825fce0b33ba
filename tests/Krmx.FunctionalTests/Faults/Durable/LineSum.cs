namespace Krmx.FunctionalTests.Faults.Durable;

/// <summary>A sum over lines and their order, so that a client need not keep an hour's lines. FNV-1a; tests/peers/ledger.mjs computes the same.</summary>
internal static class LineSum
{
    public const uint Empty = 0x811c9dc5;

    public static uint Add(uint sum, string line)
    {
        foreach (char c in line)
            sum = (sum ^ c) * 0x01000193;
        return (sum ^ '\n') * 0x01000193;
    }
}
