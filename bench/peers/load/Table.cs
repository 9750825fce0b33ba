using System.Globalization;
using System.Text;
using Krmx.PeersBench.Measures;

namespace Krmx.PeersBench;

/// <summary>What one measure gave for each peer, as medians of the rounds.</summary>
internal sealed class Table(IMeasure measure)
{
    private readonly Dictionary<string, List<double[]>> _rounds = [];

    public void Add(string peer, double[] values)
    {
        if (!_rounds.TryGetValue(peer, out List<double[]>? rounds))
            _rounds.Add(peer, rounds = []);
        rounds.Add(values);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"## {measure.Title}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| server | {string.Join(" | ", measure.Figures)} | ours is | rounds |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| --- | {string.Join(" | ", measure.Figures.Select(_ => "---:"))} | ---: | ---: |");
        foreach ((string peer, List<double[]> rounds) in _rounds)
        {
            IEnumerable<string> medians = Enumerable.Range(0, measure.Figures.Count).Select(i => Digits(Median(peer, i)));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {peer} | {string.Join(" | ", medians)} | {Comparison(peer)} | {rounds.Count} |");
        }
        return text.ToString();
    }

    private string Comparison(string peer)
    {
        if (peer == Peer.Ours || !_rounds.ContainsKey(Peer.Ours))
            return "";
        double ours = Median(Peer.Ours, 0), theirs = Median(peer, 0), factor = measure.IsMoreBetter ? ours / theirs : theirs / ours;
        Target? target = measure.Targets.FirstOrDefault(t => t.Peer == peer);
        return $"{Digits(factor)}×{(target is null ? "" : $" (wanted {Wanted(target)}: {(target.IsMet(factor) ? "met" : "**missed**")})")}";
    }

    private static string Wanted(Target target) =>
        target.Least > 0 ? FormattableString.Invariant($"{target.Least}×") : FormattableString.Invariant($"{target.Most:F2}× at most");

    private double Median(string peer, int figure)
    {
        double[] sorted = [.. _rounds[peer].Select(values => values[figure]).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Three digits, as no more repeat from one run to the next.</summary>
    private static string Digits(double value) => value switch
    {
        double.NaN => "",
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("N1", CultureInfo.InvariantCulture),
        _ => value.ToString("N2", CultureInfo.InvariantCulture),
    };
}
