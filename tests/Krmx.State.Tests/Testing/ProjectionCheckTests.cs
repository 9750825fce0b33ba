using System.Text.Json;
using Krmx.Testing;

namespace Krmx.State.Tests;

public sealed class ProjectionCheckTests
{
    private static readonly string[] Users = ["ann", "bob", "eve"];

    [Fact]
    public void Run_OfAProjectionThatKeepsItsSecrets_FindsNothing()
    {
        var table = new TableModel(cards: 30);
        ProjectionCheckResult result = ProjectionCheck.Run(table.Model, Users, Act(table), Hidden, steps: 500, seed: 7);
        Assert.Equal(500, result.Accepted + result.Refused);
        Assert.True(result.Accepted > 40, $"{result}");
        Assert.True(result.Refused > 40, $"{result}");
        Assert.True(result.Frames > 500, $"{result}");
    }

    [Fact]
    public void Run_OfALeak_NamesSeedStepUserSecretAndFrame()
    {
        // Once there are three cards on the pile, eve is shown the bottom of the deck.
        var model = new ProjectionModel<Table, TableView>(
            Table.Of(10),
            static (table, user) => new TableView(
                table.Deck.Length,
                [],
                user == "eve" && table.Pile.Length == 3 ? table.HandOf(user).Add(table.Deck[0]) : table.HandOf(user),
                table.Pile));
        KrmxAction next = model.When("next", static (table, _) => table.Deck.Length > 1
            ? table with { Deck = table.Deck[..^1], Pile = table.Pile.Add(table.Deck[^1]) }
            : throw new KrmxRefusedException("that was all"))();

        var found = Assert.Throws<ProjectionCheckException>(
            () => ProjectionCheck.Run(model, Users, (_, _) => ("ann", next), Hidden, seed: 3));

        Assert.Equal((3, 3, "eve", "card-1"), (found.Seed, found.Step, found.User, found.Secret));
        Assert.Contains("card-1\"", found.Frame, StringComparison.Ordinal);
        foreach (string part in (string[])["seed 3", "step 3", "eve", "'card-1'", "'next' by ann", found.Frame!])
            Assert.Contains(part, found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret-1", "text")]
    [InlineData("12345", "number")]
    [InlineData("secret-2", "name")]
    [InlineData("secret-3", "refusal")]
    public void Run_FindsASecretWhereverItStands(string secret, string place)
    {
        var model = new ProjectionModel<string, Dictionary<string, JsonElement>>("start", static (state, user) => state switch
        {
            "text" => new() { ["a"] = Json("\"the \\u0073ecret-1!\"") },
            "number" => new() { ["a"] = Json("[[12345]]") },
            "name" => new() { ["a"] = Json("""{"secret-2":0}""") },
            _ => new() { ["a"] = Json("[\"secret-10\",123456]") },
        });
        Func<string, KrmxAction> go = model.When<string>(
            "go", static (_, _, to) => to == "refusal" ? throw new KrmxRefusedException("not while secret-3 is hidden") : to);

        var found = Assert.Throws<ProjectionCheckException>(
            () => ProjectionCheck.Run(model, ["ann"], (_, _) => ("ann", go(place)), (_, _) => [secret], steps: 1));

        Assert.Equal((secret, 1), (found.Secret, found.Step));
    }

    [Fact]
    public void Run_OfALeakToSomebodyWhoLinks_IsFoundAtOnce()
    {
        var model = new ProjectionModel<int, string>(0, static (_, _) => "the hidden one");
        KrmxAction nothing = model.When("nothing", static (state, _) => state)();
        var found = Assert.Throws<ProjectionCheckException>(
            () => ProjectionCheck.Run(model, ["ann"], (_, _) => ("ann", nothing), static (_, _) => ["hidden"]));
        Assert.Equal(0, found.Step);
        Assert.Contains("projection/set", found.Frame, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WhatIsNoSecretAnyMore_MayBeTold()
    {
        // A card is secret in the deck, is shown on the pile, and goes back: the delta that takes it from the pile may name it.
        var model = new ProjectionModel<bool, Dictionary<string, int>>(
            false, static (isShown, _) => isShown ? new() { ["card-1"] = 1 } : []);
        KrmxAction turn = model.When("turn", static (isShown, _) => !isShown)();
        ProjectionCheckResult result = ProjectionCheck.Run(
            model, ["ann"], (_, _) => ("ann", turn), static (isShown, _) => isShown ? [] : ["card-1"], steps: 50,
            options: new() { Delta = new() });
        Assert.Equal(50, result.Accepted);
    }

    [Fact]
    public void Run_OfAViewThatChangesASharedList_FindsThatItIsWrong()
    {
        // The view is the same list each time, so the server takes it for unchanged.
        var names = new List<string>();
        var model = new ProjectionModel<int, Log>(0, (state, _) =>
        {
            while (names.Count < state)
                names.Add($"entry {names.Count}");
            return new Log(names);
        });
        KrmxAction add = model.When("add", static (state, _) => state + 1)();

        var found = Assert.Throws<ProjectionCheckException>(() => ProjectionCheck.Run(model, ["ann"], (_, _) => ("ann", add), seed: 5));

        Assert.Equal((5, "ann", null), (found.Seed, found.User, found.Secret));
        Assert.Contains("\"entry 0\"", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfAHandlerThatFails_TellsIt()
    {
        var table = new TableModel();
        var found = Assert.Throws<ProjectionCheckException>(
            () => ProjectionCheck.Run(table.Model, Users, (_, _) => ("bob", table.Break())));
        Assert.Equal("a secret", found.InnerException?.Message);
        Assert.Contains("'break' by bob", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithoutUsersThatFit_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Run([], "ann"));
        Assert.Throws<ArgumentException>(() => Run(["ann", "ann"], "ann"));
        Assert.Throws<ArgumentException>(() => Run(["ann"], "bob"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(["ann"], "ann", steps: 0));

        static void Run(string[] users, string actor, int steps = 1)
        {
            var table = new TableModel();
            ProjectionCheck.Run(table.Model, users, (_, _) => (actor, table.Nothing()), steps: steps);
        }
    }

    [Fact]
    public void Run_WithTheSameSeed_PlaysTheSame()
    {
        List<string> first = [], second = [];
        Play(first);
        Play(second);
        Assert.Equal(first, second);

        static void Play(List<string> played)
        {
            var table = new TableModel(cards: 30);
            Func<Table, Random, (string, KrmxAction)> act = Act(table);
            ProjectionCheck.Run(table.Model, Users, (state, random) =>
            {
                (string user, KrmxAction action) = act(state, random);
                played.Add($"{user} {action}");
                return (user, action);
            }, steps: 50, seed: 11);
        }
    }

    private static Func<Table, Random, (string User, KrmxAction Action)> Act(TableModel table) => (state, random) =>
    {
        string user = Users[random.Next(Users.Length)];
        return (user, random.Next(3) == 0 ? table.Draw() : table.Play(new Play($"card-{random.Next(1, 31)}")));
    };

    private static IEnumerable<string> Hidden(Table table, string user) =>
        table.Deck.Concat(table.Hands.Where(hand => hand.Key != user).SelectMany(static hand => hand.Value)).Select(static card => card.Id);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private sealed record Log(List<string> Entries);
}
