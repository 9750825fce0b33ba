using System.Collections.Immutable;
using Krmx;
using Krmx.State;

namespace Cards;

/// <summary>What is said at a table; everybody hears the same.</summary>
public static class TalkModel
{
    public static readonly StreamModel<ImmutableArray<Line>> Model = new([], KrmxJson.With(GameJson.Default));

    public static readonly Func<string, KrmxAction> Say = Model.When<string>(
        "say",
        static text => text.Trim().Length is 0 or > 200 ? "say something, in 200 characters at most" : null,
        static (lines, user, text) => lines.Add(new Line(user, text.Trim())));
}

public sealed record Line(string By, string Text);
