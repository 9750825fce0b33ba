using System.Globalization;
using Krmx.FaultPeer;

namespace Krmx.FunctionalTests.Faults.Durable;

/// <summary>Compares what a ledger has with what its writers have done and heard, when all is at rest.</summary>
internal static class LedgerCheck
{
    /// <returns>What is not as it is promised.</returns>
    public static IEnumerable<string> Violations(
        LedgerContent ledger, IReadOnlyCollection<WriterState> writers, Func<string, IEnumerable<(int Number, int Place)>> answersOf)
    {
        var handled = writers.ToDictionary(static writer => writer.Username, static _ => 0);
        int rings = 0;
        foreach (string line in ledger.Lines)
        {
            (string who, int number) = Read(line);
            int due = who == "ring" ? ++rings : handled.TryGetValue(who, out int last) ? handled[who] = last + 1 : 0;
            if (number != due)
                yield return $"'{line}' is in the ledger where {due} was due";
        }
        if (rings != ledger.Rings)
            yield return $"the alarm rang {ledger.Rings} times, and the ledger has {rings}";
        foreach (WriterState writer in writers)
        {
            foreach (string violation in Violations(ledger, writer, handled[writer.Username]).Concat(Wrong(ledger, writer.Username, answersOf(writer.Username))))
                yield return $"{writer.Username}: {violation}";
        }
    }

    private static IEnumerable<string> Violations(LedgerContent ledger, WriterState writer, int handled)
    {
        foreach (string violation in writer.Violations)
            yield return violation;
        if (handled != writer.Said)
            yield return $"has said {writer.Said}, and {handled} are in the ledger";
        if (writer.Last != ledger.Lines.Length)
            yield return $"has heard up to {writer.Last} of {ledger.Lines.Length}";
        else if (writer.Sum != ledger.Lines[writer.First..].Aggregate(LineSum.Empty, LineSum.Add))
            yield return $"has heard other lines than those from {writer.First} on";
        int[] marks = ledger.Marks.GetValueOrDefault(writer.Username, []);
        if (!marks.SequenceEqual(Enumerable.Range(1, writer.Marked)) || writer.View != writer.Marked)
            yield return $"has dispatched {writer.Marked}, the room has {string.Join(' ', marks.Take(100))}, the view {writer.View}";
    }

    private static IEnumerable<string> Wrong(LedgerContent ledger, string username, IEnumerable<(int Number, int Place)> answers) =>
        answers.Where(answer => answer.Place > ledger.Lines.Length || ledger.Lines[answer.Place - 1] != $"{username} {answer.Number}")
            .Select(static answer => $"request {answer.Number} was answered with {answer.Place}, where it is not");

    private static (string Who, int Number) Read(string line)
    {
        int space = line.LastIndexOf(' ');
        return (line[..space], int.Parse(line[(space + 1)..], CultureInfo.InvariantCulture));
    }
}
