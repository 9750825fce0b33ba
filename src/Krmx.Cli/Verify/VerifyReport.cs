using System.Text;
using System.Text.Json;
using Krmx.Cli.Terminal;
using Krmx.Conformance;
using Krmx.Conformance.Remote;

namespace Krmx.Cli.Verify;

/// <summary>Results of rules as they come, as a table or as lines of JSON.</summary>
internal sealed class VerifyReport(TextWriter output, bool isJson)
{
    private static readonly int IdWidth = RuleBook.All.Max(rule => rule.Id.Length);

    private readonly Dictionary<Outcome, int> _counts = new()
    {
        [Outcome.Passed] = 0,
        [Outcome.Failed] = 0,
        [Outcome.NotApplicable] = 0,
    };

    public bool HasFailures => _counts[Outcome.Failed] > 0;

    public void Add(RuleResult result)
    {
        _counts[result.Outcome]++;
        output.WriteLine(isJson ? Json(result) : Row(result));
    }

    /// <summary>Counts, in the table's last line.</summary>
    public void End()
    {
        if (isJson)
            return;
        output.WriteLine();
        output.WriteLine(
            $"{_counts[Outcome.Passed]} passed, {_counts[Outcome.Failed]} failed, {_counts[Outcome.NotApplicable]} not applicable");
    }

    private static string Row(RuleResult result)
    {
        string head = $"{Name(result.Outcome),-14}  {result.Rule.Id.PadRight(IdWidth)}  ";
        string text = result.Outcome switch
        {
            Outcome.Failed => $"{result.Rule.Title}: {result.Reason}",
            Outcome.NotApplicable => result.Reason!,
            _ => result.Rule.Title,
        };
        return head + Printable.Of(text);
    }

    private static string Json(RuleResult result)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("rule", result.Rule.Id);
            writer.WriteString("title", result.Rule.Title);
            writer.WriteString("result", Name(result.Outcome));
            if (result.Reason is not null)
                writer.WriteString("reason", result.Reason);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string Name(Outcome outcome) => outcome switch
    {
        Outcome.Passed => "passed",
        Outcome.Failed => "failed",
        _ => "not applicable",
    };
}
