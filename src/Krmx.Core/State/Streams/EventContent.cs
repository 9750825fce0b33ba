using System.Globalization;
using System.Text.Json;

namespace Krmx.State;

/// <summary>Compares events by what they say, as a server that echoes no ids leaves nothing else to know one's own by.</summary>
internal static class EventContent
{
    /// <summary>Whether both say the same; numbers count by value, since JavaScript writes <c>1.0</c> as <c>1</c>.</summary>
    public static bool AreSame(in KrmxAction left, in KrmxAction right)
    {
        if (left.Type != right.Type || left.HasPayload != right.HasPayload)
            return false;
        if (left.Payload.Span.SequenceEqual(right.Payload.Span))
            return true;
        return JsonTree.TryParse(left.Payload.Span, out JsonTree? ours)
            && JsonTree.TryParse(right.Payload.Span, out JsonTree? theirs)
            && AreSame(ours, theirs);
    }

    private static bool AreSame(JsonTree left, JsonTree? right)
    {
        if (right is null || left.Kind != right.Kind)
            return false;
        return left.Kind switch
        {
            JsonValueKind.Number => ValueOf(left).Equals(ValueOf(right)),
            JsonValueKind.Array => left.Items.Length == right.Items.Length
                && left.Items.Zip(right.Items, AreSame).All(static isSame => isSame),
            JsonValueKind.Object => left.Members.Length == right.Members.Length
                && left.Members.All(member => AreSame(member.Value, right[member.Key])),
            _ => left.Equals(right),
        };
    }

    private static double ValueOf(JsonTree number) => double.Parse(number.Text!, CultureInfo.InvariantCulture);
}
