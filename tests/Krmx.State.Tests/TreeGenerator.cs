using System.Globalization;
using System.Text;

namespace Krmx.State.Tests;

/// <summary>Random JSON values, such as states have, from a seed.</summary>
internal sealed class TreeGenerator(int seed, bool hazards = false)
{
    private static readonly string[] PlainNames =
        ["a", "b", "c", "d", "id", "name", "0", "_0", "1", "_1", "", "é", "名前", "a b", "length", "t", "_", "x/y", "\"", "\\", "😀"];

    /// <summary>What jsondiffpatch or JavaScript itself takes for something else.</summary>
    private static readonly string[] HazardousNames = ["__proto__", "_t", "constructor", "toString", "hasOwnProperty", "valueOf"];

    private static readonly string[] Words =
        ["", "a", "b", "ace", "king", "a", "0", "the quick brown fox", "ü", "日本語", "100%", "%41", "line\nbreak", "\t", "😀", "@@ -1 +1 @@"];

    private static readonly string[] Syllables =
        ["lo", "rem ", "ip", "sum\n", "dol", "or ", "%20", "é", "ß", "+", "-", "@@", "字", "#?&", " ", "\\", "aaa"];

    private readonly Random _random = new(seed);

    public JsonTree Value(int depth = 4) => _random.Next(depth > 0 ? 10 : 5) switch
    {
        < 5 => Scalar(),
        5 or 6 => Members(depth),
        7 => Entities(depth),
        _ => JsonTree.ArrayOf(Repeat(_random.Next(7), () => Value(depth - 1))),
    };

    /// <summary>An object or an array, as states are.</summary>
    public JsonTree Root() => _random.Next(3) switch
    {
        0 => Members(4),
        1 => Entities(4),
        _ => JsonTree.ArrayOf(Repeat(_random.Next(9), () => Value(3))),
    };

    /// <summary>A text that is long enough for a text diff.</summary>
    public JsonTree Text() => JsonTree.Of(LongText(_random.Next(30, 150)));

    /// <summary>Something like a value: a few edits away from it.</summary>
    public JsonTree Edited(JsonTree value)
    {
        for (int edits = _random.Next(1, 5); edits > 0; edits--)
            value = EditedOnce(value, 4);
        return value;
    }

    private JsonTree EditedOnce(JsonTree value, int depth)
    {
        if (_random.Next(12) == 0)
            return Value(Math.Max(depth - 2, 0));
        if (value.Text is { Length: > 20 } text)
            return JsonTree.Of(EditedText(text));
        if (value.Items.Length > 0)
            return JsonTree.ArrayOf(EditedItems([.. value.Items], depth));
        if (value.Members.Length > 0)
            return JsonTree.ObjectOf(EditedMembers([.. value.Members], depth));
        return Value(depth);
    }

    private List<JsonTree> EditedItems(List<JsonTree> items, int depth)
    {
        int at = _random.Next(items.Count);
        JsonTree item = items[at];
        switch (_random.Next(8))
        {
            case 0:
                items.RemoveAt(at);
                break;
            case 1:
                items.Insert(_random.Next(items.Count + 1), Value(depth - 1));
                break;
            case 2 or 3:
                items.RemoveAt(at);
                items.Insert(_random.Next(items.Count + 1), item);
                break;
            case 4:
                items.Insert(_random.Next(items.Count + 1), item);
                break;
            case 5 when _random.Next(3) == 0:
                _random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(items));
                break;
            default:
                items[at] = EditedOnce(item, depth - 1);
                break;
        }
        return items;
    }

    private List<KeyValuePair<string, JsonTree>> EditedMembers(List<KeyValuePair<string, JsonTree>> members, int depth)
    {
        int at = _random.Next(members.Count);
        switch (_random.Next(6))
        {
            case 0:
                members.RemoveAt(at);
                break;
            case 1:
                members.Add(new(Name(), Value(depth - 1)));
                break;
            case 2:
                members.Add(new(Name(), members[at].Value));
                members.RemoveAt(at);
                break;
            default:
                members[at] = new(members[at].Key, EditedOnce(members[at].Value, depth - 1));
                break;
        }
        return members;
    }

    private string EditedText(string text)
    {
        var edited = new StringBuilder(text);
        for (int edits = _random.Next(1, 4); edits > 0; edits--)
        {
            int at = Boundary(edited, _random.Next(edited.Length + 1));
            int end = Boundary(edited, Math.Min(edited.Length, at + _random.Next(9)));
            if (_random.Next(2) == 0)
                edited.Remove(at, end - at);
            if (_random.Next(3) > 0)
                edited.Insert(at, LongText(_random.Next(1, 9)));
        }
        return edited.ToString();
    }

    private static int Boundary(StringBuilder text, int at) => at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;

    private JsonTree Scalar() => _random.Next(9) switch
    {
        0 => JsonTree.Null,
        1 => JsonTree.Of(_random.Next(2) == 0),
        2 => JsonTree.Of(_random.NextInt64(-(1L << 53), 1L << 53)),
        3 => Trees.Parse((_random.Next(-4000, 4000) / 8m).ToString("0.###", CultureInfo.InvariantCulture)),
        4 => JsonTree.Of(LongText(_random.Next(20, 90))),
        5 or 6 => JsonTree.Of(Pick(Words)),
        _ => JsonTree.Of(_random.Next(6)),
    };

    private string LongText(int syllables) =>
        string.Concat(Repeat(syllables, () => hazards && _random.Next(6) == 0 ? Pick("😀", "🎲") : Pick(Syllables)));

    private JsonTree Members(int depth) =>
        JsonTree.ObjectOf(Repeat(_random.Next(depth == 4 ? 12 : 5), () => new KeyValuePair<string, JsonTree>(Name(), Value(depth - 1))));

    private string Name() => hazards && _random.Next(4) == 0
        ? Pick(HazardousNames) : Pick(PlainNames);

    /// <summary>An array of objects with a key, now and then the same one.</summary>
    private JsonTree Entities(int depth) => JsonTree.ArrayOf(Repeat(_random.Next(8), () => JsonTree.ObjectOf(
    [
        new("id", _random.Next(4) == 0 ? JsonTree.Of(Pick(Words)) : JsonTree.Of(_random.Next(40))),
        new("name", Scalar()),
        new(Name(), Value(Math.Min(1, depth - 1))),
    ])));

    private string Pick(params string[] all) => all[_random.Next(all.Length)];

    private static T[] Repeat<T>(int count, Func<T> make)
    {
        var all = new T[count];
        for (int i = 0; i < count; i++)
            all[i] = make();
        return all;
    }
}
