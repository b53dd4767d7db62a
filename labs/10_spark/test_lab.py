"""The visible tests of lab 10: small inputs that one can follow by hand."""

from autograder.testing import hint, points
from probes import dealt_out, fitted, frame_of, pairs_of, planned_frame, planned_pairs, streamed

LAZY = "A job ran although nobody had asked for the result. Return the plan: Spark runs it when "
LAZY += "somebody needs rows."
AN_RDD = "The result is an RDD of pairs."
A_FRAME = "The result is a DataFrame."
TRIPS = "trip_id long, zone string, fare_cents long"


@points(2)
def test_sum_by_key_adds_up_over_partitions(student):
    """The sums of a small RDD are right, and each key comes once."""
    pieces = [[("b", 5), ("a", 1.5), ("b", 2)], [], [("a", 40), ("c", -3)]]
    found = student.run(pairs_of, student.ref("sum_by_key"), pieces)
    assert found is not None, hint(AN_RDD)
    pairs = [pair for part in found for pair in part]
    keys = sorted(key for key, _ in pairs)
    assert keys == ["a", "b", "c"], hint(
        "Each key comes once. If one comes more than once, it was added up in each partition, and "
        "the partitions' sums were never brought together."
    )
    assert dict(pairs) == {"a": 41.5, "b": 7, "c": -3}, hint(
        "Add up the values. They need not be ones: a sum is not a count."
    )


@points(1)
def test_sum_by_key_is_lazy(student, spark):
    """To call the function runs no job."""
    with spark.watch() as facts:
        lazy = student.run(planned_pairs, student.ref("sum_by_key"), [[("a", 1)], [("a", 2)]])
    assert lazy, hint(AN_RDD)
    assert facts.jobs == 0, hint(LAZY)


DAYS = [[("Tue", 5), ("Mon", 700), ("Tue", 20)], [], [("Wed", 1), ("Wed", 2)], [("Thu", 9)]]


@points(2)
def test_daily_totals_of_each_day(student):
    """The totals of five partitions are right: one has two days, mixed, and one has none."""
    found = student.run(pairs_of, student.ref("daily_totals"), DAYS)
    assert found is not None, hint(AN_RDD)
    pairs = [pair for part in found for pair in part]
    assert pairs != [], hint(
        "Nothing came out. A function that runs on a worker changes its own copy of your variables."
    )
    days = sorted(day for day, _ in pairs)
    assert days == sorted(set(days)), hint(
        "A day comes more than once. Its trips need not be neighbours in their partition."
    )
    assert dict(pairs) == {"Mon": 700, "Tue": 25, "Wed": 3, "Thu": 9}, hint(
        "A partition may hold several days or none, and each of its days has a total."
    )


@points(2)
def test_daily_totals_takes_one_stage(student, spark):
    """One stage runs, and nothing is shuffled."""
    with spark.watch() as facts:
        found = student.run(pairs_of, student.ref("daily_totals"), DAYS)
    assert found is not None, hint(AN_RDD)
    assert facts.stages == 1, hint(
        "It took more than one stage: somewhere in it there is a shuffle, or another job. All "
        "trips of a day are in one partition already."
    )
    assert facts.shuffle_write_bytes == 0, hint("Nothing needs to be shuffled.")


FARES = [("Z1", 750), ("Z2", 301), ("Z1", 99), ("Z3", 400), ("Z2", 12), ("Z9", 5)]
NAMES = [("Z3", "Harbour"), ("Z1", "Mole"), ("Z2", "Market"), ("Z2", "Old"), ("Z5", "Airport")]


@points(2)
def test_copartition_keeps_every_fare(student):
    """Every fare is there, in euros, every name is there, in as many partitions as asked for."""
    found = student.run(dealt_out, student.ref("copartition"), FARES, NAMES, 3)
    assert found is not None, hint("The result is a pair of RDDs: the euros and the names.")
    euros, names = ([row for part in side for row in part] for side in found)
    expected = [(zone, cents / 100) for zone, cents in FARES]
    assert sorted(euros) == sorted(expected), hint(
        "Each fare stays under its zone, in euros: cents divided by 100, with what is behind the "
        "point."
    )
    assert sorted(names) == sorted(NAMES), hint("The names stay as they are, each of them.")
    assert [len(side) for side in found] == [3, 3], hint("Both have `partitions` partitions.")


@points(1)
def test_copartition_is_lazy(student, spark):
    """To call the function runs no job."""
    given = {"fares": FARES, "names": NAMES}
    with spark.watch() as facts:
        lazy = student.run(planned_pairs, student.ref("copartition"), given, 3)
    assert lazy, hint("The result is a pair of RDDs.")
    assert facts.jobs == 0, hint(LAZY)


SMALL = [(1, "Z1", 750), (2, "Z2", 300), (3, "Z1", 50), (4, "Z7", 400), (5, "Z3", 8)]
BOROUGHS = ("zone string, borough string", [("Z1", "North"), ("Z2", "South"), ("Z3", "North")])


@points(2)
def test_broadcast_join_counts_every_trip(student):
    """Trips and fares of each borough are right; a zone that nobody knows counts under null."""
    function = student.ref("broadcast_join")
    found = student.run(frame_of, function, (TRIPS, SMALL), BOROUGHS, 2)
    assert found, hint(A_FRAME)
    assert found["columns"] == ["borough", "trips", "fare_cents"], hint(
        "The columns are `borough`, `trips` and `fare_cents`, in this order."
    )
    boroughs = {borough: list(sums) for borough, *sums in found["rows"]}
    assert set(boroughs) >= {None}, hint(
        "Trips of a zone that `zones` does not know have to be counted, too: look at `how=`."
    )
    assert boroughs == {"North": [3, 808], "South": [1, 300], None: [1, 400]}, hint(
        "For each borough: how many trips, and the sum of their fares in cents."
    )


@points(1)
def test_broadcast_join_is_lazy(student, spark):
    """To call the function runs no job."""
    function = student.ref("broadcast_join")
    with spark.watch() as facts:
        lazy = student.run(planned_frame, function, (TRIPS, SMALL), BOROUGHS)
    assert lazy, hint(A_FRAME)
    assert facts.jobs == 0, hint(LAZY)


@points(2)
def test_salted_join_finds_every_pair(student):
    """Each trip with a rate comes once, with the rate of its zone."""
    trips = [(number, ("Z1", "Z1", "Z2", "Z4")[number % 4], 100 + number) for number in range(24)]
    rates = ("zone string, rate double", [("Z1", 0.5), ("Z2", 0.25), ("Z3", 2.0)])
    function = student.ref("salted_join")
    found = student.run(frame_of, function, (TRIPS, trips), rates, 2, 5)
    assert found, hint(A_FRAME)
    assert found["columns"] == ["trip_id", "zone", "fare_cents", "rate"], hint(
        "The columns are `trip_id`, `zone`, `fare_cents` and `rate`: the salt is nobody's business."
    )
    rate = dict(rates[1])
    expected = [(*trip, rate[trip[1]]) for trip in trips if trip[1] in rate]
    assert len(found["rows"]) >= len(expected), hint(
        "Trips are missing. A trip has one salt, whichever; so its rate has to be there under "
        "every salt."
    )
    assert len(found["rows"]) <= len(expected), hint(
        "Trips come more than once. If both sides have every salt, each pair is found as often as "
        "there are salts."
    )
    assert sorted(found["rows"]) == expected, hint("Each trip comes with the rate of its zone.")


@points(2)
def test_stream_counts_equals_the_batch(student):
    """Two files that arrive one after the other give the same counts as both at once."""
    day = "2026-03-01 "
    files = [
        [(f"{day}08:10:00", "Z1"), (f"{day}08:59:59", "Z1"), (f"{day}08:30:00", "Z2")],
        [(f"{day}09:00:00", "Z1"), (f"{day}08:45:00", "Z2")],
    ]
    found = student.run(streamed, student.ref("stream_counts"), files)
    assert found, hint("The result is a streaming DataFrame, made from the one that was given.")
    assert sorted(found["columns"]) == ["clicks", "hour", "zone"], hint(
        "The columns are `hour`, `zone` and `clicks`."
    )
    eight, nine = f"{day}08:00:00", f"{day}09:00:00"
    assert found["counts"] == {(eight, "Z1"): 2, (eight, "Z2"): 2, (nine, "Z1"): 1}, hint(
        "A click belongs to the hour when the click happened, wherever and whenever it arrives."
    )


@points(2)
def test_logreg_finds_the_weights(student):
    """Two steps on six points, in partitions of different size, give the weights of the recipe."""
    pieces = [["1 2.0", "1 1.0", "0 -1.0", "1 0.5"], ["0 -3.0"], ["0 0.5"]]
    found = student.run(fitted, student.ref("logreg"), pieces, 2, 0.5)
    weights = [round(weight, 6) for weight in found["weights"]]
    assert weights == [-0.000736, 0.493148], hint(
        "Each step subtracts `rate` times the mean slope, with one share for each point, however "
        "the points are spread over partitions."
    )
